"""The schema of a dataset's records, and the letters used for shapes.

B  videos in a batch          T  frames of a video, one per second
N  videos in a set            F  values of a frame, all features concatenated
C  classes                    K  clusters of an aggregation layer
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

import numpy as np

from yt8m.data.value_ranges import YOUTUBE_8M, ValueRange
from yt8m.printable import shortened

MOST_CLASSES = 1 << 16
"""Most classes: soft labels store a class as uint16."""

MOST_FRAMES = 1 << 31
"""Most frames of a video, and most values of a frame, that are plausible."""

LAYOUTS = ("frame", "video")


@dataclass(frozen=True)
class Schema:
    """What every record of the dataset holds.

    features: name -> values per frame, in the order in which they are concatenated in F.
    classes: number of classes C; labels are 0 .. C - 1.
    max_frames: frames beyond this number are cut off when read.
    layout: "frame" (SequenceExample: one byte string per frame) or
        "video" (Example: `mean_<feature>` floats, the mean of the dequantised frames).
    ranges: name -> the values that a feature's bytes stand for; YouTube-8M's if it is not listed.
    """

    features: Mapping[str, int] = field(default_factory=lambda: {"rgb": 1024, "audio": 128})
    classes: int = 3862
    max_frames: int = 300
    layout: str = "frame"
    ranges: Mapping[str, ValueRange] = field(default_factory=dict)

    def __eq__(self, other: object) -> bool:
        """Includes the order of the features, which is the order of the values in a frame."""
        return isinstance(other, Schema) and self.as_json() == other.as_json()

    @property
    def feature_size(self) -> int:
        """The number of values per frame, F."""
        return sum(self.features.values())

    def range_of(self, feature: str) -> ValueRange:
        """The values that the bytes of a feature stand for."""
        return self.ranges.get(feature, YOUTUBE_8M)

    @property
    def dequantisation(self) -> str:
        """The values that bytes stand for, for messages."""
        formulas = {name: self.range_of(name).formula for name in self.features}
        if len({*formulas.values()}) == 1:
            return next(iter(formulas.values()))
        return ", ".join(f"{formula} for {name}" for name, formula in formulas.items())

    @property
    def sized_ranges(self) -> tuple[tuple[int, ValueRange], ...]:
        """Size and range of each feature, in their order."""
        return tuple((size, self.range_of(name)) for name, size in self.features.items())

    def as_json(self) -> dict[str, Any]:
        """The schema as JSON; features are pairs, since their order matters and keys get sorted.

        Ranges are listed only if they are not YouTube-8M's.
        """
        content = asdict(self) | {"features": [list(pair) for pair in self.features.items()]}
        del content["ranges"]
        ranges = {name: list(r) for name, r in sorted(self.ranges.items()) if r != YOUTUBE_8M}
        return content | ({"ranges": ranges} if ranges else {})

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> "Schema":
        """The schema that `as_json` wrote. Raises ValueError for anything else."""
        keys = {f.name for f in fields(cls)} - {"ranges"}
        if not isinstance(content, Mapping) or {*content} - {"ranges"} != keys:
            raise ValueError(
                f"is {shortened(content)}; expected the keys {', '.join(sorted(keys))}"
            )
        features = content["features"]
        if not isinstance(features, list) or not all(map(_is_feature, features)):
            raise ValueError(
                f"features: is {shortened(features)}; expected pairs of name and size (1 or more)"
            )
        if not features or len(dict(features)) < len(features):
            raise ValueError(
                f"features: is {shortened(features)}; expected at least one, each name once"
            )
        for key, most in (("classes", MOST_CLASSES), ("max_frames", MOST_FRAMES)):
            if not is_count(content[key], most):
                raise ValueError(f"{key}: is {shortened(content[key])}; expected 1 to {most:,}")
        if content["layout"] not in LAYOUTS:
            raise ValueError(
                f"layout: is {shortened(content['layout'])}; expected {' or '.join(LAYOUTS)}"
            )
        ranges = content.get("ranges", {})
        if not isinstance(ranges, Mapping) or not all(map(_is_range, ranges.values())):
            raise ValueError(
                f"ranges: is {shortened(ranges)}; expected pairs of numbers, low < high"
            )
        if unknown := {*ranges} - {*dict(features)}:
            raise ValueError(f"ranges: {shortened(min(unknown))} is not a feature")
        ranges = {name: ValueRange(*map(float, pair)) for name, pair in ranges.items()}
        return cls(**{**content, "features": dict(features), "ranges": ranges})


def is_count(value: object, most: int) -> bool:
    """Whether the value is a whole number from 1 to `most`."""
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= most


def _is_feature(pair: object) -> bool:
    fine = isinstance(pair, (list, tuple)) and len(pair) == 2
    return fine and isinstance(pair[0], str) and is_count(pair[1], MOST_FRAMES)


def _is_range(pair: object) -> bool:
    if not isinstance(pair, (list, tuple)) or len(pair) != 2:
        return False
    return all(type(v) in (int, float) and abs(v) < 1e30 for v in pair) and pair[0] < pair[1]


@dataclass(frozen=True)
class Video:
    """One decoded record.

    features: by name, uint8 [T, size] (frame layout) or float32 [size] (video layout).
    labels: ascending class indices; empty if unknown.
    predictions: float32 [C], a teacher's probabilities, or None.
    origin: of a distilled video, its teacher and source (see `distilled`); b"" if unknown.
    absent: names of features that the video lacks, such as its sound; their values are those of
        the training split's mean.
    """

    id: str
    labels: tuple[int, ...]
    features: Mapping[str, np.ndarray]
    predictions: np.ndarray | None = None
    origin: bytes = b""
    absent: tuple[str, ...] = ()


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
    """Concatenated features, [..., F], as one array per name."""
    ends = np.cumsum(list(schema.features.values()))[:-1]
    return dict(zip(schema.features, np.split(values, ends, axis=-1), strict=True))
