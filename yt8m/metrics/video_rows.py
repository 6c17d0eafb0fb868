"""What single videos of a part of a split contribute to the metrics, until all parts are known."""

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np

from yt8m.metrics.state_texts import as_text, from_text
from yt8m.metrics.video_scores import VideoScores

FIELDS = ("positives", "scores", "hits", "equal_recall_hits")


class Writer(Protocol):
    """Where videos are written, such as `yt8m.metrics.video_files.VideoWriter`."""

    def add(self, ids: Sequence[str], losses: np.ndarray, scores: VideoScores) -> None:
        """Add B videos: ids, losses, float64 [B], and what they contribute."""


class VideoRows:
    """Keeps videos in memory, about 150 bytes each with 20 classes, as they come."""

    def __init__(self):
        self._ids: list[str] = []
        self._losses: list[np.ndarray] = []
        self._scores: list[VideoScores] = []

    def add(self, ids: Sequence[str], losses: np.ndarray, scores: VideoScores) -> None:
        """Add B videos, as to a `Writer`."""
        self._ids += ids
        self._losses.append(losses)
        self._scores.append(scores)

    def state(self) -> dict[str, np.ndarray]:
        """All videos, by name of their arrays; without videos only an empty list of ids."""
        found = {"ids": as_text(self._ids)}
        if self._ids:
            found["losses"] = np.concatenate(self._losses)
            for name in FIELDS:
                found[name] = np.concatenate([getattr(each, name) for each in self._scores])
        return found


class RowsToWriter:
    """Passes the videos of parts on, part by part."""

    def __init__(self, writer: Writer):
        self._writer = writer

    def add_state(self, state: Mapping[str, np.ndarray]) -> None:
        """Write the videos in a state of `VideoRows`."""
        if ids := from_text(state["ids"]):
            scores = VideoScores(**{name: state[name] for name in FIELDS})
            self._writer.add(ids, state["losses"], scores)
