"""The points of one model: what it scores when it is stored in several ways, and its file."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from yt8m.config.model import STAGE_WORDS
from yt8m.errors import ArtefactError
from yt8m.json_files import (
    AMOUNT,
    ANYTHING,
    COUNT,
    MAPPING,
    NUMBER,
    TEXT,
    Maybe,
    expect,
    one_of,
    read_json,
    write_json,
)

FORMAT = 1
PLANNING = ("quantisers", "stage", "min_elements", "split", "guide", "videos")
"""Settings of `compress` that a plan depends on."""

PLANNED, FLOAT32 = "planned", "float32"
"""Encodings without a quantiser for all: each variable its own by a plan, and none."""

_POINT = {
    "encoding": TEXT,
    "quantiser": Maybe(MAPPING),
    "budget_bytes": Maybe(AMOUNT),
    "size_bytes": AMOUNT,
    "gap": NUMBER,
    "loss": NUMBER,
}
_FILE = {
    "model": TEXT,
    "settings": {"recipe": {"kind": TEXT}, "training": Maybe(MAPPING)},
    "stage": one_of(*STAGE_WORDS),
    "weights": TEXT,
    "split": TEXT,
    "records": TEXT,
    "top_k": COUNT,
    "compress": dict.fromkeys(PLANNING, ANYTHING),
    "points": [_POINT],
}


@dataclass(frozen=True)
class Point:
    """A model stored in one way.

    encoding: a quantiser with its settings, `PLANNED` or `FLOAT32`. quantiser: its entry in a
    config, if it is one. budget_bytes: of a plan. size_bytes: of the graph on disk, as for a
    budget. gap, loss: on the evaluated split.
    """

    encoding: str
    quantiser: Mapping[str, Any] | None
    budget_bytes: int | None
    size_bytes: int
    gap: float
    loss: float


@dataclass(frozen=True)
class ModelPoints:
    """All points of a model.

    settings: its entry in a config with all defaults, as far as `stage` depends on it. weights:
    digest of the weights of that stage. split, records: name and digest of the evaluated records.
    top_k: predictions per video that count in GAP. compress: settings of the plans.
    """

    model: str
    settings: Mapping[str, Any]
    stage: str
    weights: str
    split: str
    records: str
    top_k: int
    compress: Mapping[str, Any]
    points: tuple[Point, ...]


def write_points(path: Path, found: ModelPoints) -> None:
    """Write the points of a model as JSON."""
    write_json(path, {"format": FORMAT, **asdict(found)})


def read_points(path: Path) -> ModelPoints:
    """The points that `write_points` wrote. Raises ArtefactError for anything else."""
    content = read_json(path, MAPPING)
    if content.pop("format", None) != FORMAT:
        raise ArtefactError(
            f"{path}: does not hold a model's points in format {FORMAT}; make it again"
        )
    expect(content, _FILE, path)
    try:
        points = tuple(Point(**point) for point in content.pop("points"))
        _check(points)
        return ModelPoints(points=points, **content)
    except (TypeError, ValueError) as error:
        raise ArtefactError(f"{path}: is not valid ({error}); make it again") from None


def _check(points: tuple[Point, ...]) -> None:
    """Raises ValueError unless there are points, one of each encoding."""
    if not points:
        raise ValueError("it has no points")
    encodings = [point.encoding for point in points]
    for point in points:
        if encodings.count(point.encoding) > 1:
            raise ValueError(f"it has {point.encoding!r} more than once")
