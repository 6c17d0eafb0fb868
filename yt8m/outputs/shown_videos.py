"""The videos that a graph predicts best and worst, with thumbnails, as JSON."""

from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from yt8m.error_analysis.videos import Scored, Video
from yt8m.errors import ArtefactError
from yt8m.json_files import AMOUNT, NUMBER, TEXT, Maybe, read_json, write_json
from yt8m.metrics.origin import Origin

_SCORED = {"index": AMOUNT, "probability": NUMBER}
_VIDEO = {"id": TEXT, "loss": NUMBER, "labels": [_SCORED], "predictions": [_SCORED]}
_SHOWN = {"thumbnails": [{"second": AMOUNT, "jpeg": TEXT}], "problem": Maybe(TEXT)}
_SHAPE = {
    "origin": {"split": TEXT, "graph": TEXT, "records": TEXT},
    "best": [_VIDEO],
    "worst": [_VIDEO],
    "shown": {str: _SHOWN},
}


@dataclass(frozen=True)
class Shown:
    """Thumbnails of a video, second -> JPEG file; or the problem, why there are none."""

    thumbnails: Mapping[int, bytes]
    problem: str | None = None


@dataclass(frozen=True)
class Extremes:
    """The videos with the smallest loss, the smallest first, and with the largest, the largest
    first. shown: by id.
    """

    origin: Origin
    best: Sequence[Video]
    worst: Sequence[Video]
    shown: Mapping[str, Shown]

    def write(self, path: Path) -> None:
        """Write the file atomically; equal content gives equal bytes."""
        shown = {id: _entry(each) for id, each in self.shown.items()}
        write_json(path, {**asdict(self), "shown": shown})


def read_extremes(path: Path, graph: str | None = None, records: str | None = None) -> Extremes:
    """What `Extremes.write` wrote.

    graph, records: digests of the expected graph and records, where known.
    Raises ArtefactError for anything else, or of another graph or other records.
    """
    found = read_json(path, _SHAPE)
    origin = Origin(**found["origin"])
    origin.check(path, graph, records, again="run again")
    best, worst = ([_video(each) for each in found[word]] for word in ("best", "worst"))
    thumbnails = {id: _shown(path, each) for id, each in found["shown"].items()}
    if missing := {video.id for video in [*best, *worst]} - set(thumbnails):
        raise ArtefactError(f"{path}: lacks thumbnails of {min(missing)!r}; make it again")
    return Extremes(origin, best, worst, thumbnails)


def _video(entry: Mapping[str, Any]) -> Video:
    scored = ([Scored(**each) for each in entry[word]] for word in ("labels", "predictions"))
    return Video(entry["id"], entry["loss"], *scored)


def _entry(shown: Shown) -> dict[str, Any]:
    thumbnails = [
        {"second": second, "jpeg": b64encode(jpeg).decode()}
        for second, jpeg in shown.thumbnails.items()
    ]
    return {"thumbnails": thumbnails, "problem": shown.problem}


def _shown(path: Path, entry: Mapping[str, Any]) -> Shown:
    try:
        thumbnails = {e["second"]: b64decode(e["jpeg"], validate=True) for e in entry["thumbnails"]}
    except ValueError as error:
        raise ArtefactError(f"{path}: a thumbnail is damaged ({error}); make it again") from None
    return Shown(thumbnails, entry.get("problem"))
