"""Thumbnails of the videos that a graph predicts best and worst, from the files of the videos."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from yt8m.errors import RecordError
from yt8m.outputs.extreme_files import Extremes, Shown
from yt8m.video.findings import Findings
from yt8m.video.frames import Rule
from yt8m.video.thumbnails import spread, thumbnails

THUMBNAILS = 4
"""Of each video."""


def with_thumbnails(
    extremes: Extremes, files: Mapping[str, str], findings: Iterable[Path], rule: Rule
) -> Extremes:
    """The same videos with thumbnails.

    files: id -> file of each video of the split. findings: what was found in these videos. rule:
    which frames were extracted.
    """
    ids = {video.id for video in [*extremes.best, *extremes.worst]}
    lengths = _lengths(findings, ids)
    shown = {id: _shown(files.get(id), lengths.get(id), rule) for id in sorted(ids)}
    return replace(extremes, shown=shown)


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
