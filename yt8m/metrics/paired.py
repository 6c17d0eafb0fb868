"""Intervals of differences between graphs that are evaluated one after the other."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from yt8m.data.few_videos import only_few
from yt8m.metrics.bootstrap import Draws, draw, resampled_gap
from yt8m.metrics.intervals import Interval, interval
from yt8m.metrics.result import Result
from yt8m.metrics.video_scores import VideoScores


@dataclass(frozen=True)
class Resampling:
    """How videos are resampled: how many times, from which seed, for intervals of which level."""

    resamples: int = 1000
    seed: int = 0
    level: float = 0.95


@dataclass
class Kept:
    """Keeps what each video contributes to the metrics while a graph is evaluated."""

    parts: list[VideoScores] = field(default_factory=list)

    def add(self, ids: Sequence[str], losses: np.ndarray, scores: VideoScores) -> None:
        """Add a batch of B videos; `ids` and `losses`, float64 [B], are not kept."""
        self.parts.append(scores)

    def scores(self) -> VideoScores:
        """Those of all videos, in the order in which they came."""
        columns = {
            name: np.concatenate([vars(part)[name] for part in self.parts])
            for name in vars(self.parts[0])
        }
        return VideoScores(**columns)


@dataclass
class AgainstFirst:
    """Differences in GAP from the first graph, whose videos the others must have, in their order.

    how: one set of draws for all graphs, so that intervals are those of pairs.
    """

    how: Resampling

    def __post_init__(self):
        self._draws: Draws | None = None
        self._first: tuple[float, np.ndarray] | None = None

    def interval(self, result: Result, kept: Kept) -> Interval | None:
        """That of a graph's GAP minus the first graph's.

        None for the first graph itself, and if the videos are too few to say anything.
        """
        scores = kept.scores()
        if only_few(np.count_nonzero(scores.positives)):
            return None
        if self._draws is None:
            self._draws = draw(len(scores.positives), self.how.resamples, self.how.seed)
        resampled = resampled_gap(scores, self._draws)
        if self._first is None:
            self._first = result.gap, resampled
            return None
        gap, of_first = self._first
        return interval(result.gap - gap, resampled - of_first, self.how.level)
