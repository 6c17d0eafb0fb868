"""What one record of a dataset holds, and the letters that shapes are written in.

B  videos in a batch          T  frames of a video, one a second
N  videos in a set            F  features of a frame, all of them side by side
C  classes (labels)           K  clusters of an aggregation layer
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

import numpy as np

from yt8m.printable import shortened

DEQUANTISED_MIN = 4.0 / 512.0 - 2.0
"""Value of byte 0: the lower end of [-2, 2], plus half a step."""

DEQUANTISED_STEP = 4.0 / 255.0
"""Difference between neighbouring bytes."""


MOST_CLASSES = 1 << 16
"""Classes that a uint16 can tell apart, as soft labels do."""

MOST_FRAMES = 1 << 31
"""Frames of a video, and values of a frame, that are still plausible."""

LAYOUTS = ("frame", "video")


@dataclass(frozen=True)
class Schema:
    """What every record of the dataset holds.

    features: name -> values a frame, in the order in which they stand side by side in F.
    classes: number of labels C; labels are 0 .. C - 1.
    max_frames: frames beyond this many are cut off when read.
    layout: "frame" (SequenceExample: a byte string a frame) or
        "video" (Example: `mean_<feature>` floats, the mean of the dequantised frames).
    """

    features: Mapping[str, int] = field(default_factory=lambda: {"rgb": 1024, "audio": 128})
    classes: int = 3862
    max_frames: int = 300
    layout: str = "frame"

    def __eq__(self, other: object) -> bool:
        """The order of the features counts: it is that of the values of a frame."""
        return isinstance(other, Schema) and self.as_json() == other.as_json()

    @property
    def feature_size(self) -> int:
        """F."""
        return sum(self.features.values())

    def as_json(self) -> dict[str, Any]:
        """For a JSON file; the features as pairs, since their order matters and keys get sorted."""
        return asdict(self) | {"features": [list(pair) for pair in self.features.items()]}

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> "Schema":
        """The schema that `as_json` wrote. Raises ValueError for anything else."""
        words = {f.name for f in fields(cls)}
        if not isinstance(content, Mapping) or set(content) != words:
            raise ValueError(f"is {shortened(content)}; the words are {', '.join(sorted(words))}")
        features = content["features"]
        if not isinstance(features, list) or not all(map(_is_feature, features)):
            raise ValueError(
                f"features: is {shortened(features)}; pairs of name and size, 1 or more"
            )
        if not features or len(dict(features)) < len(features):
            raise ValueError(f"features: is {shortened(features)}; each name once, at least one")
        for word, most in (("classes", MOST_CLASSES), ("max_frames", MOST_FRAMES)):
            if not is_count(content[word], most):
                raise ValueError(f"{word}: is {shortened(content[word])}; 1 to {most:,}")
        if content["layout"] not in LAYOUTS:
            raise ValueError(f"layout: is {shortened(content['layout'])}; {' or '.join(LAYOUTS)}")
        return cls(**content | {"features": dict(features)})


def is_count(value: object, most: int) -> bool:
    """Whether it is a whole number from 1 to `most`."""
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= most


def _is_feature(pair: object) -> bool:
    fine = isinstance(pair, (list, tuple)) and len(pair) == 2
    return fine and isinstance(pair[0], str) and is_count(pair[1], MOST_FRAMES)


@dataclass(frozen=True)
class Video:
    """One record, unpacked.

    features: by name, uint8 [T, size] (frame layout) or float32 [size] (video layout).
    labels: ascending class indices; empty where they are unknown.
    predictions: float32 [C], a teacher's probabilities, or None.
    origin: of a distilled video, what it came from (see `distilled`); b"" where nothing is known.
    """

    id: str
    labels: tuple[int, ...]
    features: Mapping[str, np.ndarray]
    predictions: np.ndarray | None = None
    origin: bytes = b""


@dataclass(frozen=True)
class Batch:
    """B videos, padded to the longest of them.

    ids: B strings.
    frames: uint8 [B, T, F] (0 past a video's end), or float32 [B, 1, F] for the video layout.
    num_frames: int32 [B].
    labels: bool [B, C].
    teacher: float32 [B, C], a teacher's probabilities, or None.
    """

    ids: list[str]
    frames: np.ndarray
    num_frames: np.ndarray
    labels: np.ndarray
    teacher: np.ndarray | None = None


def split_features(values: np.ndarray, schema: Schema) -> dict[str, np.ndarray]:
    """Features side by side, [..., F], as one array for each name."""
    ends = np.cumsum(list(schema.features.values()))[:-1]
    return dict(zip(schema.features, np.split(values, ends, axis=-1), strict=True))
