"""Metrics of the compared graphs on the same resamples of the videos."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from yt8m.comparison.graphs import Graph, LeftOut
from yt8m.errors import ArtefactError
from yt8m.metrics.bootstrap import BINS, GROUPS, Draws, draw, resampled_gap
from yt8m.metrics.paired import Resampling
from yt8m.metrics.resample_files import Resamples, read_resamples
from yt8m.metrics.video_files import read_videos

MANY = 100
"""Beyond so many graphs, videos are drawn in fewer groups and probabilities in fewer bins, so that
a thousand graphs take about as long as a hundred."""

OF_MANY_GROUPS, OF_MANY_BINS = 512, 64
"""ASSUME their standard deviations are good enough: within 3 % (one standard deviation) of those
with any number of groups, and 1 % of those with any number of bins."""


@dataclass
class Resampler:
    """Resamples the videos of graphs that were evaluated on the same records.

    many: whether there are so many graphs that it must be quick.
    """

    how: Resampling
    many: bool = False

    def __post_init__(self):
        self._ids = None
        self._draws: Draws | None = None

    def gap(self, graph: Graph) -> np.ndarray | None:
        """How far GAP of each resample is from that of all videos, float64 [R].

        None if the graph was evaluated without keeping what each video contributes.
        Raises ArtefactError if that is of another graph, or of other videos than the others'.
        """
        if not graph.videos.is_file():
            return None
        videos = read_videos(graph.videos, graph.digest, graph.records)
        if videos.top_k != graph.metrics["top_k"] or len(videos.ids) != graph.metrics["videos"]:
            raise ArtefactError(f"{graph.videos}: is not about the videos of the metrics beside it")
        if self._ids is None:
            groups = OF_MANY_GROUPS if self.many else GROUPS
            self._ids = videos.ids
            self._draws = draw(len(videos.ids), self.how.resamples, self.how.seed, groups)
        if not videos.ids.equals(self._ids):
            raise ArtefactError(f"{graph.videos}: has its videos in another order than the others")
        return resampled_gap(videos.scores, self._draws, OF_MANY_BINS if self.many else BINS)


def stored_gaps(
    files: Sequence[Path], graphs: Sequence[Graph], how: Resampling
) -> Mapping[str, np.ndarray]:
    """Digest of a graph -> resampled GAP, from files of `yt8m confidence`.

    Empty unless all graphs that have videos are in them: resamples of all must draw the same.
    """
    found: dict[str, np.ndarray] = {}
    for path in files:
        try:
            resamples = read_resamples(path, graphs[0].records)
        except ArtefactError:  # the videos are there too
            continue
        if _draws_as(how, resamples, graphs[0]):
            found |= {digest: each["gap"] for digest, each in resamples.graphs.items()}
    complete = all(graph.digest in found for graph in graphs if graph.videos.is_file())
    return found if complete else {}


def _draws_as(how: Resampling, stored: Resamples, graph: Graph) -> bool:
    wanted = (how.resamples, how.seed, graph.metrics["top_k"], graph.metrics["videos"])
    return wanted == (stored.draws, stored.seed, stored.top_k, stored.videos)


def resampled(
    graphs: Sequence[Graph], how: Resampling, files: Sequence[Path]
) -> tuple[Mapping[str, np.ndarray | None], list[LeftOut]]:
    """Label -> resampled GAP of each graph, and the graphs that are not what they should be.

    files: of `yt8m confidence`, if there are any.
    """
    known, resampler = stored_gaps(files, graphs, how), Resampler(how, len(graphs) > MANY)
    found, wrong = {}, []
    for graph in graphs:
        try:
            stored = known.get(graph.digest)
            found[graph.label] = resampler.gap(graph) if stored is None else stored
        except ArtefactError as error:
            wrong.append(LeftOut(graph.label, str(error)))
    return found, wrong
