"""A fitted projection of one feature: an affine map, and the range of the bytes.

    y = ((x - mean) @ vectors) / deviations     [T, R] -> [T, F]

where every array may be absent: whitening has all three, scaling no vectors.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from yt8m.errors import RecordError
from yt8m.projections.levels import Levels, RoundTrip

BLOCK = 1 << 16
"""Values that become bytes at a time: with what is computed of them, they fit in a core's cache."""


@dataclass(frozen=True)
class Projection:
    """From an extractor's R values per frame to a record's F.

    kind: of the recipe that made it. width: R. frames: number of frames that it was fitted on.
    mean: float32 [R]. vectors: float32 [R, F], a direction per column. deviations: float32 [F],
    positive. All are None where they do nothing.
    """

    kind: str
    width: int
    levels: Levels = Levels()
    frames: int = 0
    mean: np.ndarray | None = field(default=None, repr=False)
    vectors: np.ndarray | None = field(default=None, repr=False)
    deviations: np.ndarray | None = field(default=None, repr=False)

    @property
    def size(self) -> int:
        """Values of a record per frame, F."""
        return self.width if self.vectors is None else self.vectors.shape[1]

    def apply(self, values: np.ndarray) -> np.ndarray:
        """float32 [T, R], all finite -> float32 [T, F], not yet clipped; without arrays the same.

        Raises RecordError for another width, and for results that are not finite.
        """
        if values.ndim != 2 or values.shape[1] != self.width:
            raise RecordError(
                f"values have shape {list(values.shape)}; the projection needs [frames, "
                f"{self.width}], as it was fitted on"
            )
        if not self.arrays():
            return values
        given = values
        with np.errstate(over="ignore", invalid="ignore"):
            if self.mean is not None:
                values = values - self.mean
            if self.vectors is not None:
                values = values @ self.vectors
            if self.deviations is not None:
                out = values if values is not given else None
                values = np.divide(values, self.deviations, out=out)
        if not np.isfinite(values).all():
            raise RecordError("values overflow in the projection; they are far from those it knows")
        return values

    def to_bytes(self, values: np.ndarray, error: RoundTrip | None = None) -> np.ndarray:
        """float32 [T, R] -> uint8 [T, F]. error: adds the round trip's, if given."""
        whole = None if self.vectors is None else self.apply(values)
        bytes = np.empty((len(values), self.size), np.uint8)
        step = max(1, BLOCK // self.size)
        for start in range(0, len(values), step):
            rows = slice(start, start + step)
            projected = self.apply(values[rows]) if whole is None else whole[rows]
            bytes[rows] = self.levels.to_bytes(projected)
            if error is not None:
                error.add(projected, bytes[rows], self.levels)
        return bytes

    @property
    def neutral(self) -> np.ndarray:
        """What stands for a feature that a video lacks: float32 [R].

        The mean, which whitening and scaling project to 0; without one, the middle of the range.
        """
        if self.mean is not None:
            return self.mean
        return np.full(self.width, (self.levels.low + self.levels.high) / 2, np.float32)

    def absent(self, frames: int) -> np.ndarray:
        """The bytes of a feature that a video lacks, the same in every frame: uint8 [T, F]."""
        return np.repeat(self.to_bytes(self.neutral[None]), frames, axis=0)

    def from_bytes(self, bytes: np.ndarray) -> np.ndarray:
        """uint8 [T, F] -> float32 [T, F]: the projected values, but for the error of the bytes."""
        return self.levels.from_bytes(bytes)

    def arrays(self) -> dict[str, np.ndarray]:
        """The arrays that there are, by name."""
        named = {"mean": self.mean, "vectors": self.vectors, "deviations": self.deviations}
        return {name: array for name, array in named.items() if array is not None}

    def about(self) -> dict[str, Any]:
        """Everything but the arrays, as JSON."""
        return {
            "kind": self.kind,
            "width": self.width,
            "size": self.size,
            "frames": self.frames,
            "levels": vars(self.levels),
        }

    @classmethod
    def of(cls, about: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> "Projection":
        """The projection with these parts, as `about` and `arrays` gave them."""
        levels = Levels(**about["levels"])
        return cls(about["kind"], about["width"], levels, about["frames"], **arrays)

    @property
    def digest(self) -> str:
        """SHA-256 of all that determines the bytes; the same for equal projections."""
        about = {key: value for key, value in self.about().items() if key not in ("kind", "frames")}
        digest = hashlib.sha256(json.dumps(about, sort_keys=True).encode())
        for name, array in self.arrays().items():
            digest.update(f"{name} {array.shape}\n".encode())
            digest.update(np.ascontiguousarray(array, "<f4"))
        return digest.hexdigest()
