"""Thumbnails of the videos that a graph predicts best and worst, from the files of the videos."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from yt8m.error_analysis.mistake_files import LARGEST_LOSS, SMALLEST_LOSS, Mistakes
from yt8m.errors import RecordError
from yt8m.outputs.shown_videos import Extremes, Shown
from yt8m.video.findings import Findings
from yt8m.video.frames import Rule
from yt8m.video.thumbnails import spread, thumbnails

THUMBNAILS = 4
"""Of each video."""

KEPT = 3
"""Best videos, and worst ones."""


def with_thumbnails(
    mistakes: Mistakes, files: Mapping[str, str], findings: Iterable[Path], rule: Rule
) -> Extremes:
    """The videos with the smallest and the largest loss, with thumbnails.

    files: id -> file of each video of the split. findings: what was found in these videos. rule:
    which frames were extracted.
    """
    best, worst = (
        [mistake.video for mistake in mistakes.found[kind][:KEPT]]
        for kind in (SMALLEST_LOSS, LARGEST_LOSS)
    )
    ids = {video.id for video in [*best, *worst]}
    lengths = _lengths(findings, ids)
    shown = {id: _shown(files.get(id), lengths.get(id), rule) for id in sorted(ids)}
    return Extremes(mistakes.origin, best, worst, shown)


def _lengths(findings: Iterable[Path], ids: set[str]) -> dict[str, int]:
    """The seconds of these videos, as far as they were decoded."""
    videos = (Findings.read(path).videos for path in findings)
    return {
        id: found[id]["frames"]
        for found in videos
        for id in ids & set(found)
        if "problem" not in found[id]
    }


def _shown(path: str | None, length: int | None, rule: Rule) -> Shown:
    if path is None or length is None:
        return Shown({}, "is not in the table any more")
    try:
        return Shown(thumbnails(path, spread(length, THUMBNAILS), rule))
    except RecordError as error:
        return Shown({}, str(error).removeprefix(f"{path}: "))
