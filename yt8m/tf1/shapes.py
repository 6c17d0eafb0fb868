"""Sizes of a model, from the shapes of its variables."""

import re
from collections.abc import Mapping
from typing import Any

ANY_SIZE = 64
"""Size of a missing variable; its value does not matter, since the names will not fit."""

LOGISTIC = re.compile(r"tower/fully_connected(_\d+)?/biases")
"""Name of biases, which only a classifier has; layers before a batch norm have none."""

GATE = "tower/gating_prob_weights"


class Shapes:
    """Shapes by the original's names of the variables.

    gated_by: the input of a gate of the probabilities, if it does not follow from the shape; or
        None.
    """

    def __init__(self, shapes: Mapping[str, tuple[int, ...]], gated_by: str | None = None):
        self._shapes = shapes
        self._gated_by = gated_by

    def __contains__(self, name: str) -> bool:
        return name in self._shapes

    def rows(self, name: str) -> int:
        """Size of a variable's second-to-last axis."""
        return self._size(name, -2)

    def columns(self, name: str) -> int:
        """Size of a variable's last axis."""
        return self._size(name, -1)

    def count(self, pattern: str) -> int:
        """Number of variables whose whole name matches a pattern."""
        return sum(bool(re.fullmatch(pattern, name)) for name in self._shapes)

    def classes(self) -> int:
        """C, from the classifier."""
        for name in self._shapes:
            if LOGISTIC.fullmatch(name):
                return self.columns(name)
        gates = "tower/gates2/weights" if self._is_low_rank() else "tower/gates/weights"
        return max(self.columns(gates) - self.columns("tower/experts/weights"), 1)

    def classifier(self) -> dict[str, Any]:
        """Config entry of the classifier with these variables."""
        if "tower/experts/weights" not in self:
            return {"kind": "logistic"}
        return {
            "kind": "moe",
            "mixtures": max(self.columns("tower/experts/weights") // self.classes(), 1),
            "low_rank": self.columns("tower/gates1/weights") if self._is_low_rank() else 0,
            "gating": self._gating(),
        }

    def classifier_inputs(self) -> int:
        """Size of the vector that is classified."""
        names = ("tower/experts/weights", "tower/fully_connected/weights")
        return self.rows(next((name for name in names if name in self), names[0]))

    def is_gate_open(self) -> bool:
        """Whether the input of a gate is ambiguous: the probabilities or the classified vector."""
        is_square = self.classifier_inputs() == self.classes()
        return GATE in self and is_square and self._gated_by is None

    def _gating(self) -> str:
        if GATE not in self:
            return "none"
        # Fed by the probabilities, C of them, or by the classifier's input.
        sources, classes = self.rows(GATE), self.classes()
        if sources == classes == self.classifier_inputs():
            return self._gated_by or "probabilities"
        return "probabilities" if sources == classes else "activations"

    def _is_low_rank(self) -> bool:
        return "tower/gates1/weights" in self

    def _size(self, name: str, axis: int) -> int:
        shape = self._shapes.get(name, ())
        # An empty variable is refused later by its shape; until then it must not divide by 0.
        return max(shape[axis], 1) if len(shape) >= -axis else ANY_SIZE
