"""What the evaluation of a part of a split collects, as a file, and what all parts come to.

An archive of arrays (.npz): `about`, JSON that says what was evaluated on what, and which part this
is; and the state of each of those who collect, its arrays named `<who>.<array>`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Protocol

import numpy as np

from yt8m.atomic import replacing
from yt8m.errors import ArtefactError, ConfigError
from yt8m.files import check_regular
from yt8m.json_files import AMOUNT, COUNT, TEXT, Fits, expect
from yt8m.metrics.origin import Origin
from yt8m.metrics.state_texts import as_text, from_text
from yt8m.parts import Part, in_order
from yt8m.printable import error_line, shortened

AGAIN = "evaluate this part again"
ABOUT = "about"
FORMAT = 1

_FLAG = Fits(lambda value: isinstance(value, bool), "true or false")
_SHAPE = {
    "format": COUNT,
    "name": TEXT,
    "split": TEXT,
    "graph": TEXT,
    "records": TEXT,
    "classes": COUNT,
    "top_k": COUNT,
    "batch_size": COUNT,
    "skip_dummies": _FLAG,
    "part": AMOUNT,
    "parts": COUNT,
}


class Collects(Protocol):
    """One who collects something about videos."""

    def state(self) -> dict[str, np.ndarray]:
        """All that is collected so far, by name."""


class Adds(Protocol):
    """One to whom what others have collected is added, part after part."""

    def add_state(self, state: Mapping[str, np.ndarray]) -> None:
        """Add a `state`. Raises KeyError, TypeError or ValueError for anything else."""


@dataclass(frozen=True)
class About:
    """What all parts of an evaluation have in common.

    name: of the graph. graph, records: digests. classes, top_k: as of `yt8m.metrics.accumulate`.
    """

    name: str
    split: str
    graph: str
    records: str
    classes: int
    top_k: int
    batch_size: int
    skip_dummies: bool

    @property
    def origin(self) -> Origin:
        """What was predicted by what."""
        return Origin(self.split, self.graph, self.records)


def write_part(path: Path, about: About, part: Part, who: Mapping[str, Collects]) -> None:
    """Write what is collected about the videos of a part, atomically; equal content gives equal
    bytes.
    """
    words = {**asdict(about), "format": FORMAT, "part": part.number, "parts": part.of}
    arrays = {f"{name}.{key}": a for name, one in who.items() for key, a in one.state().items()}
    with replacing(path) as unfinished, unfinished.open("wb") as file:
        np.savez_compressed(file, **{ABOUT: as_text(words)}, **arrays)


@dataclass(frozen=True)
class Parts:
    """The files of all parts of one evaluation, in their order."""

    about: About
    paths: Sequence[Path]

    def add_to(self, who: Mapping[str, Adds]) -> None:
        """Add what each part collected to those who collect the same, by name; part by part.

        Raises ArtefactError for a part that is damaged, or in which one of them is missing.
        """
        for path in self.paths:
            arrays = _read(path)
            try:
                for name, one in who.items():
                    one.add_state(_of(name, arrays, path))
            except (KeyError, TypeError, ValueError) as error:
                problem = f"its {name} are not as expected ({error})"
                raise ArtefactError(f"{path}: {problem}; {AGAIN}") from None


def read_parts(paths: Sequence[Path]) -> Parts:
    """Find out what parts are of, and their order.

    Raises ArtefactError for files that are damaged or of another kind, that do not belong together,
    and if a part is missing or there twice.
    """
    found = {path: _about(path) for path in paths}
    about = next(iter(found.values()))[0]
    for path, (other, _) in found.items():
        for word, value in asdict(other).items():
            if value != (expected := getattr(about, word)):
                raise ArtefactError(
                    f"{path}: {word} is {shortened(value)}, but {shortened(expected)} in "
                    f"{paths[0]}; delete what is older and evaluate that part again"
                )
    parts = {path: part for path, (_, part) in found.items()}
    return Parts(about, in_order(parts, "evaluate all parts with `yt8m evaluate-part`"))


def _about(path: Path) -> tuple[About, Part]:
    try:
        words = from_text(_read(path, only=ABOUT)[ABOUT])
    except (KeyError, ValueError) as error:
        raise ArtefactError(f"{path}: is not a part of an evaluation ({error}); {AGAIN}") from None
    expect(words, _SHAPE, path)
    try:
        part = Part(words["part"], words["parts"])
    except ConfigError as error:
        raise ArtefactError(f"{path}: {error}; {AGAIN}") from None
    return About(**{field.name: words[field.name] for field in fields(About)}), part


def _read(path: Path, only: str | None = None) -> dict[str, np.ndarray]:
    """The arrays in a file, or one of them."""
    try:
        check_regular(path)
        with np.load(path, allow_pickle=False) as file:
            return {name: file[name] for name in ([only] if only else file.files)}
    except FileNotFoundError:
        raise ArtefactError(f"{path}: no such file; {AGAIN}") from None
    except Exception as error:  # NumPy may raise anything
        problem = f"is damaged, or no part of an evaluation ({error_line(error)})"
        raise ArtefactError(f"{path}: {problem}; {AGAIN}") from None


def _of(name: str, arrays: Mapping[str, np.ndarray], path: Path) -> dict[str, np.ndarray]:
    """The state of one who collects. Raises ArtefactError if there is none."""
    own = f"{name}."
    found = {key.removeprefix(own): a for key, a in arrays.items() if key.startswith(own)}
    if not found:
        raise ArtefactError(f"{path}: has no {name}; {AGAIN}, with --errors")
    return found
