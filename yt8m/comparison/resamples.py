"""Metrics of the compared graphs on the same resamples of the videos."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from yt8m.comparison.graphs import Graph, LeftOut
from yt8m.errors import ArtefactError
from yt8m.metrics.bootstrap import BINS, Draws, draw, resampled_gap
from yt8m.metrics.resample_files import Resamples, read_resamples
from yt8m.metrics.video_files import read_videos


@dataclass(frozen=True)
class Resampling:
    """How videos are resampled: how many times, from which seed, for intervals of which level."""

    resamples: int = 1000
    seed: int = 0
    level: float = 0.95


MANY = 100
"""Graphs beyond which each is resampled with fewer bins of probabilities, so that the time stays
about that of so many."""

FEWEST_BINS = 64
"""With so many the standard deviation of a difference is within 1 % of that with `BINS`."""


@dataclass
class Resampler:
    """Resamples the videos of graphs that were evaluated on the same records.

    stored: files of `yt8m confidence`, used where they hold the same resamples. graphs: how many
    there are.
    """

    how: Resampling
    stored: Sequence[Path] = ()
    graphs: int = 1

    def __post_init__(self):
        self._ids = None
        self._draws: Draws | None = None
        self._known: dict[str, np.ndarray] | None = None

    def gap(self, graph: Graph) -> np.ndarray | None:
        """How far GAP of each resample is from that of all videos, float64 [R].

        None if the graph was evaluated without keeping what each video contributes.
        Raises ArtefactError if that is of another graph, or of other videos than the others'.
        """
        if self._known is None:
            self._known = self._read_stored(graph)
        if graph.digest in self._known:
            return self._known[graph.digest]
        if not graph.videos.is_file():
            return None
        videos = read_videos(graph.videos, graph.digest, graph.records)
        if videos.top_k != graph.metrics["top_k"] or len(videos.ids) != graph.metrics["videos"]:
            raise ArtefactError(f"{graph.videos}: is not about the videos of the metrics beside it")
        if self._ids is None:
            self._ids = videos.ids
            self._draws = draw(len(videos.ids), self.how.resamples, self.how.seed)
        if not videos.ids.equals(self._ids):
            raise ArtefactError(f"{graph.videos}: has its videos in another order than the others")
        return resampled_gap(videos.scores, self._draws, self._bins)

    @property
    def _bins(self) -> int:
        return max(FEWEST_BINS, BINS * MANY // max(MANY, self.graphs))

    def _read_stored(self, graph: Graph) -> dict[str, np.ndarray]:
        """Digest of a graph -> resampled GAP, from the files that hold the same resamples."""
        found: dict[str, np.ndarray] = {}
        for path in self.stored:
            try:
                resamples = read_resamples(path, graph.records)
            except ArtefactError:  # the videos are there too
                continue
            if self._is_same(resamples, graph):
                found |= {digest: each["gap"] for digest, each in resamples.graphs.items()}
        return found

    def _is_same(self, resamples: Resamples, graph: Graph) -> bool:
        own = (resamples.draws, resamples.seed, resamples.top_k, resamples.videos)
        wanted = (
            self.how.resamples,
            self.how.seed,
            graph.metrics["top_k"],
            graph.metrics["videos"],
        )
        return own == wanted


def resampled(
    graphs: Sequence[Graph], resampler: Resampler
) -> tuple[Mapping[str, np.ndarray | None], list[LeftOut]]:
    """Label -> resampled GAP of each graph, and the graphs that are not what they should be."""
    found, wrong = {}, []
    for graph in graphs:
        try:
            found[graph.label] = resampler.gap(graph)
        except ArtefactError as error:
            wrong.append(LeftOut(graph.label, str(error)))
    return found, wrong
