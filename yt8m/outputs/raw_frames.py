"""From an extractor's values to the frames of a record, by the very steps that records take."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from yt8m.data.schema import Schema, split_features
from yt8m.errors import RecordError
from yt8m.own_data.arrays import as_float32
from yt8m.own_data.videos import common_length
from yt8m.projections.projection import Projection


@dataclass(frozen=True)
class RawFrames:
    """Projects and quantises. schema: of the records that the projections make."""

    schema: Schema
    projections: Mapping[str, Projection]

    def joined(self, features: Mapping[str, np.ndarray | None], where: str) -> np.ndarray:
        """All features side by side: float32 [T, R], R the sum of all widths.

        features: name -> [T, width], floats or whole numbers; None where a video lacks it, such as
        sound, which gives `Projection.neutral` in every frame.
        Raises RecordError for values that are not finite or of another width, and for lengths that
        differ by more than `MOST_APART` frames; smaller differences are cut off.
        """
        seconds = common_length(features, f"{where}: ")
        parts = []
        for name in self.schema.features:
            values = features[name]
            if values is None:
                parts.append(np.tile(self.projections[name].neutral, (seconds, 1)))
            else:
                parts.append(as_float32(values[:seconds], f"{where}, {name}"))
                self._check_width(name, parts[-1], where)
        return np.concatenate(parts, axis=1)

    def _check_width(self, name: str, values: np.ndarray, where: str) -> None:
        width = self.projections[name].width
        if values.shape[1] != width:
            raise RecordError(
                f"{where}: has {values.shape[1]} values of {name} per frame; the graph was made "
                f"for an extractor of {width}"
            )

    def bytes_of(self, joined: np.ndarray) -> np.ndarray:
        """float32 [T, R] -> uint8 [T, F], in parts of `max_frames` frames.

        So the first part is computed exactly as for a record. Raises RecordError for values that
        overflow.
        """
        step = self.schema.max_frames
        parts = [self._bytes(joined[t : t + step]) for t in range(0, len(joined), step)]
        return np.concatenate(parts)

    def _bytes(self, joined: np.ndarray) -> np.ndarray:
        ends = np.cumsum([self.projections[name].width for name in self.schema.features])[:-1]
        parts = np.split(joined, ends, axis=1)
        return np.concatenate(
            [
                self.projections[name].to_bytes(np.ascontiguousarray(part))
                for name, part in zip(self.schema.features, parts, strict=True)
            ],
            axis=1,
        )

    def graph_frames(self, frames: np.ndarray) -> np.ndarray:
        """uint8 [T, F] as a graph takes them: float32 [1, F], their mean, in the video layout."""
        if self.schema.layout == "frame":
            return frames
        means = [
            self.projections[name].from_bytes(values).mean(axis=0)
            for name, values in split_features(frames, self.schema).items()
        ]
        return np.concatenate(means)[None]
