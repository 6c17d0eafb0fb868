"""The variables of a checkpoint, by model, without those of the optimiser."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from yt8m.compression.storage import Encoded, refuse_not_finite
from yt8m.errors import ArtefactError
from yt8m.tf1.checkpoint import Checkpoint

STEP = "global_step"
AVERAGE = "/ExponentialMovingAverage"
WEIGHTS = ("raw", "ema")

SMALL = {
    "codebook": (np.uint8, {"codes": "_quants", "codebook": "_space"}),
    "float16": (np.float16, {"float16": "float16"}),
}
"""By our storage: the dtype of its first part, and the suffixes of the parts' names in the
original."""

PLAIN = ""


@dataclass(frozen=True)
class Variables:
    """The variables of one model, by the original's names.

    scope: prefix of these names in the checkpoint, such as "model_0/".
    steps: training steps that the model has seen.
    shapes: of each variable.
    parts: variable -> storage (PLAIN for none) and, by its parts, names in the checkpoint.
    """

    checkpoint: Checkpoint = field(repr=False)
    scope: str
    steps: int
    shapes: Mapping[str, tuple[int, ...]]
    parts: Mapping[str, tuple[str, Mapping[str, str]]]

    @property
    def is_quantised(self) -> bool:
        """Whether any variable is encoded."""
        return any(storage != PLAIN for storage, _ in self.parts.values())

    @property
    def where(self) -> str:
        """The checkpoint and the model in it, for messages."""
        return f"{self.checkpoint.path}{f', {self.scope[:-1]}' if self.scope else ''}"

    def read(self, name: str) -> np.ndarray | Encoded:
        """A variable's value as stored. Raises ArtefactError if it is not numeric."""
        storage, names = self.parts[name]
        arrays = {part: self.checkpoint.read(stored) for part, stored in names.items()}
        for part, array in arrays.items():
            refuse_not_finite(names[part], array)
        if storage == PLAIN:
            if (dtype := arrays[PLAIN].dtype) != np.float32:
                raise ArtefactError(f"{self.where}: {name} is {dtype}; expected float32")
            return arrays[PLAIN]
        _refuse_codes_beyond_the_codebook(names, arrays)
        return Encoded(storage, self.shapes[name], arrays)


def models_in(checkpoint: Checkpoint, weights: str | None = None) -> list[Variables]:
    """The variables of each model in a checkpoint: one, or an ensemble's members in order.

    weights: "raw" or "ema", if a training checkpoint holds both.
    Raises ArtefactError if that choice is missing or impossible, or if members are missing.
    """
    numbers = {m[1] for name in checkpoint.shapes if (m := re.match(r"model_(\d+)/", name))}
    scopes = [f"model_{number}/" for number in sorted(map(int, numbers))]
    if scopes != [f"model_{number}/" for number in range(len(scopes))]:
        raise ArtefactError(
            f"{checkpoint.path}: is an ensemble of {', '.join(s[:-1] for s in scopes)}; "
            "members are numbered from 0 without gaps"
        )
    strays = sorted(n for n in checkpoint.shapes if scopes and not n.startswith(tuple(scopes)))
    if strays:
        raise ArtefactError(
            f"{checkpoint.path}: is an ensemble (model_0/ ...), but holds {', '.join(strays)} too"
        )
    return [_variables(checkpoint, scope, weights) for scope in scopes or [""]]


def _variables(checkpoint: Checkpoint, scope: str, weights: str | None) -> Variables:
    names = {name.removeprefix(scope) for name in checkpoint.shapes if name.startswith(scope)}
    if STEP not in names:
        raise ArtefactError(f"{checkpoint.path}: has no variable {scope}{STEP}, the steps trained")
    # A name below a variable's name belongs to it: X/Adam, X/Adam_1, and its average.
    below = {name for name in names if name.rpartition("/")[0] in names}
    own = {n for n in names - below - {STEP} if not re.fullmatch(r"beta[12]_power(_\d+)?", n)}
    averages = {n.removesuffix(AVERAGE): n for n in below if n.endswith(AVERAGE)}
    stored = {name: name for name in own}
    if _takes_averages(checkpoint, weights, averages, own):
        stored = averages
    parts = _parts({n: scope + s for n, s in stored.items()}, checkpoint.dtypes)
    shapes = {
        name: checkpoint.shapes[next(iter(pieces.values()))] for name, (_, pieces) in parts.items()
    }
    return Variables(checkpoint, scope, int(checkpoint.read(scope + STEP)), shapes, parts)


def _takes_averages(checkpoint, weights, averages: Mapping[str, str], own: set[str]) -> bool:
    """Whether to use averaged values. Raises ArtefactError if that is ambiguous."""
    if averages and weights is None:
        raise ArtefactError(
            f"{checkpoint.path}: has both the last and the averaged weights "
            f"(X{AVERAGE}); choose with --weights raw or --weights ema"
        )
    if weights != "ema":
        return False
    if not averages:
        raise ArtefactError(
            f"{checkpoint.path}: has no averaged weights (X{AVERAGE}); leave out --weights, or "
            "choose a training checkpoint with --checkpoint"
        )
    if without := sorted(own - averages.keys()):
        raise ArtefactError(f"{checkpoint.path}: has no average of {', '.join(without)}")
    return True


def _parts(stored: Mapping[str, str], dtypes: Mapping[str, np.dtype]) -> dict:
    """Variable -> its storage and the names of its parts. stored: name -> checkpoint's name."""
    found = {name: (PLAIN, {PLAIN: place}) for name, place in stored.items()}
    for storage, (dtype, suffixes) in SMALL.items():
        first = next(iter(suffixes.values()))
        for name in [n for n in stored if n.endswith(first) and dtypes[stored[n]] == dtype]:
            variable = name.removesuffix(first)
            names = {part: variable + suffix for part, suffix in suffixes.items()}
            if found.keys() >= set(names.values()):
                found[variable] = storage, {p: found.pop(n)[1][PLAIN] for p, n in names.items()}
    return found


def _refuse_codes_beyond_the_codebook(names, arrays: Mapping[str, np.ndarray]) -> None:
    if "codes" in arrays and arrays["codes"].max(initial=0) >= arrays["codebook"].size:
        raise ArtefactError(
            f"{names['codes']}: has the code {arrays['codes'].max()}, but {names['codebook']} "
            f"has {arrays['codebook'].size} values; the file is damaged, copy it again"
        )
