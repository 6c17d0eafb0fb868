"""The mean of several weights of one model, such as the checkpoints of one run."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from yt8m.artefacts import WEIGHTS
from yt8m.compression.storage import Encoded, decode
from yt8m.errors import ArtefactError
from yt8m.origins import Origin, difference, header_of
from yt8m.state import state_key
from yt8m.weights import load_weights, read_header, save_weights

COUNTERS = ("updates", "draws")
"""Last part of the names of variables that count: updates of batch norm, calls of dropout."""


def average_files(paths: Sequence[Path], out: Path) -> None:
    """Write the mean of weights files as `out/weights.safetensors`, under the first one's name.

    The files may be of any stage; encoded variables are decoded first, and the mean is float32.
    For counters the highest value is taken, since there is no half update. Moving statistics of
    batch norm are averaged like everything else. The mean is useful only for weights with a common
    history, which are close enough to each other: checkpoints of one run, or runs that continued
    from the same weights (Izmailov et al. 2018; Wortsman et al., "Model soups", 2022).

    Reads one file at a time. Raises ArtefactError, naming the difference, for a file of another
    recipe, schema or set of variables.
    """
    first, header = load_weights(paths[0], kind="weights")
    digests = [read_header(path)[1] for path in paths]
    means = {name: _decoded(value).astype(np.float64) for name, value in first.items()}
    for number, path in enumerate(paths[1:], 2):
        others, about = load_weights(path, kind="weights")
        _refuse_another_model(path, about["model"], paths[0], header["model"])
        _refuse_other_variables(path, others, paths[0], means)
        for name, mean in means.items():
            value = _decoded(others[name])
            if name.rsplit("/", 1)[-1] in COUNTERS:
                np.maximum(mean, value, out=mean)
            else:
                mean += (value - mean) / number
    arrays = {name: mean.astype(_decoded(first[name]).dtype) for name, mean in means.items()}
    origin = Origin("averaged", source=state_key(digests))
    save_weights(out / WEIGHTS, arrays, header_of(header["model"], origin))


def _decoded(value: np.ndarray | Encoded) -> np.ndarray:
    return decode(value) if isinstance(value, Encoded) else value


def _refuse_another_model(path: Path, found: Any, first: Path, expected: Any) -> None:
    for word in ("recipe", "schema"):
        if found[word] != expected[word]:
            raise ArtefactError(
                f"{path}: {difference(word, found[word], expected[word])} in {first}; "
                "only weights of the same model can be averaged"
            )


def _refuse_other_variables(path: Path, found: dict, first: Path, expected: dict) -> None:
    shapes = {name: tuple(value.shape) for name, value in found.items()}
    wanted = {name: value.shape for name, value in expected.items()}
    if shapes != wanted:
        names = shapes.keys() | wanted.keys()
        wrong = sorted(name for name in names if shapes.get(name) != wanted.get(name))
        raise ArtefactError(
            f"{path}: its variables or their shapes differ from those of {first}: "
            f"{', '.join(wrong[:5])}{' ...' if len(wrong) > 5 else ''}"
        )
