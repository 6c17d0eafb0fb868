"""The saved state of a phase: saved periodically, removed once the result is written."""

import time
from pathlib import Path
from typing import Any

import numpy as np

from yt8m.errors import ArtefactError
from yt8m.state import remove_states
from yt8m.training.parameters import Codebook
from yt8m.training.step import TrainingStep
from yt8m.weights import load_weights, save_weights

FILE = "state.safetensors"
KIND = "training state"
BEST = "best/"
"""Prefix of the values to keep."""


class State:
    """The saved state of one phase, in `folder/<key>`, due every `seconds`.

    best: values to keep, by the paths of variables, if validation chooses them; part of the state.
    """

    def __init__(self, folder: Path, key: str, seconds: float):
        self.folder, self.key, self.seconds = folder, key, seconds
        self.path = folder / key / FILE
        self.best: dict[str, np.ndarray] = {}
        self._last = time.monotonic()

    def is_due(self) -> bool:
        """Whether `seconds` have passed since the last save or the start."""
        return time.monotonic() - self._last >= self.seconds

    def save(self, step: TrainingStep, position: int, history: list[dict]) -> None:
        """Write weights, moments, averages, the number of steps done and the history so far.

        Also whether XLA is used, which may have been found by measuring.
        """
        header = {"kind": KIND, "key": self.key, "position": position, "history": history}
        header["xla"] = step.gradients.xla
        values = {name: np.asarray(v.numpy()) for name, v in _variables(step).items()}
        values |= {f"{BEST}{path}": value for path, value in self.best.items()}
        save_weights(self.path, values, header)
        self._last = time.monotonic()

    def restore(self, step: TrainingStep) -> tuple[int, list[dict]]:
        """Restore a saved state. Returns (steps done, history), or (0, []) if there is none.

        Raises ArtefactError for the state of another run.
        """
        if not self.path.exists():
            return 0, []
        values, header = load_weights(self.path, KIND)
        if header["key"] != self.key:
            raise ArtefactError(f"{self.path}: is the state of another run; delete it")
        for name, variable in _variables(step).items():
            if name not in values or values[name].shape != tuple(variable.shape):
                raise ArtefactError(
                    f"{self.path}: has no {name} of shape {list(variable.shape)}; delete it"
                )
            variable.assign(values[name])
        kept = {name: value for name, value in values.items() if name.startswith(BEST)}
        self.best = {name.removeprefix(BEST): value for name, value in kept.items()}
        step.gradients.xla = header["xla"]
        return header["position"], header["history"]

    def remove(self) -> None:
        """Remove this state and any left by jobs with other settings."""
        remove_states(self.folder)


def _variables(step: TrainingStep) -> dict[str, Any]:
    """Every variable that a step reads or writes, by a unique name."""
    model = step.model
    found = {f"weights/{v.path}": v.value for v in model.variables}
    for p, first, second in zip(step.learning, step.adam.first, step.adam.second, strict=True):
        found |= {f"first/{p.path}": first, f"second/{p.path}": second}
        if isinstance(p, Codebook):
            found[f"codebooks/{p.path}"] = p.variable
    averages = zip(model.variables, step.averages, strict=False)
    return found | {f"average/{v.path}": average for v, average in averages}
