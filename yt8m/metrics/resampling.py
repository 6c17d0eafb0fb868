"""The same resamples of the videos of several graphs."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa

from yt8m.errors import ArtefactError
from yt8m.metrics.bootstrap import draw, resampled_metrics
from yt8m.metrics.resample_files import Resamples
from yt8m.metrics.video_files import Videos, read_videos


def resample(
    files: Mapping[Path, str | None],
    resamples: int,
    seed: int,
    level: float,
    of_records: str | None = None,
) -> Resamples:
    """Resample the videos of files of `yt8m evaluate --videos-out`, one file in memory at a time.

    files: path -> digest of the graph that it must be about. of_records: digest of the records that
        all must be about. None is not checked.
    Raises ArtefactError, naming two files, if these are not about the same videos and `top_k`, and
    naming one that is about another graph or other records.
    """
    first, graphs, draws = None, {}, None
    for path, graph in files.items():
        videos = read_videos(path, graph, of_records)
        about = _about(videos)
        if first is None:
            first, draws = (path, about), draw(len(videos.ids), resamples, seed)
        _check(path, about, *first)
        if videos.origin.graph not in graphs:
            graphs[videos.origin.graph] = resampled_metrics(videos.scores, draws)
    (split, records, top_k, number, _) = first[1].values()
    return Resamples(split, records, top_k, number, seed, level, graphs)


def _about(videos: Videos) -> dict[str, str | int]:
    """What graphs must share to be compared in pairs of videos, by what it is called."""
    return {
        "split": videos.origin.split,
        "records": videos.origin.records,
        "top_k": videos.top_k,
        "number of videos": len(videos.ids),
        "ids": _digest(videos.ids),
    }


def _digest(ids: pa.ChunkedArray) -> str:
    digest = hashlib.sha256()
    for chunk in ids.chunks:
        for text in chunk.to_pylist():
            digest.update(text.encode() + b"\n")
    return digest.hexdigest()


def _check(path: Path, about: dict, first: Path, expected: dict) -> None:
    for word, value in about.items():
        if value != expected[word]:
            raise ArtefactError(
                f"{path}: its {word} is {value}, but that of {first} is {expected[word]}; graphs "
                "are compared on the same videos: evaluate both again"
            )
