"""Readers of single result files, whose errors name the file."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from yt8m.errors import ArtefactError
from yt8m.files import check_regular
from yt8m.json_files import read_json
from yt8m.metrics.origin import Origin
from yt8m.metrics.tables import reading
from yt8m.training.measurements import VALIDATION


@dataclass(frozen=True)
class Curve:
    """Loss and GAP over the videos seen so far in a stage: float64 arrays [n]."""

    videos: np.ndarray
    loss: np.ndarray
    gap: np.ndarray


@dataclass(frozen=True)
class History:
    """The training history of one stage. epochs: passes over the training split.

    batches: of training batches, n >= 1. validation: on another split, if it was measured.
    """

    epochs: float
    batches: Curve
    validation: Curve | None = None


@dataclass(frozen=True)
class Classes:
    """A graph's table of classes. names: C strings; `class 7` without a name.

    positives: int64 [C]. average_precision: float64 [C].
    """

    names: tuple[str, ...]
    positives: np.ndarray
    average_precision: np.ndarray


def read_history(path: Path) -> History:
    """A training history. Raises ArtefactError if it is missing or damaged."""
    try:
        check_regular(path)
        with path.open(newline="") as file:
            rows = list(csv.DictReader(file))
        validated = [row for row in rows if row.get(VALIDATION[0])]
        batches = _curve(rows, ("loss", "gap"))
        validation = _curve(validated, VALIDATION) if validated else None
        epochs = float(rows[-1]["epoch"]) if rows else 0.0
    except FileNotFoundError:
        raise ArtefactError(f"{path}: no such file; make it first") from None
    except (KeyError, OSError, TypeError, ValueError, csv.Error) as error:
        raise ArtefactError(
            f"{path}: is not a training history ({type(error).__name__}: {error}); train again"
        ) from None
    if not rows:
        raise ArtefactError(f"{path}: has no rows; train again")
    return History(epochs, batches, validation)


def _curve(rows: Sequence[Mapping[str, str]], columns: tuple[str, str]) -> Curve:
    """columns: of loss and GAP."""
    numbers = [[float(row[column]) for column in ("videos", *columns)] for row in rows]
    return Curve(*np.array(numbers).reshape(-1, 3).T)


def read_classes(path: Path, graph: str | None = None, records: str | None = None) -> Classes:
    """A table of classes.

    graph, records: digests of the expected graph and records, where known; tables of older versions
        have none, and are not checked.
    Raises ArtefactError if it is missing or damaged, or about another graph or other records.
    """
    with reading(path, "a table of classes") as (table, about):
        origin = Origin.of(about) if "graph" in about else None
        positives = table["positives"].to_numpy()
        precision = table["average_precision"].to_numpy()
    if origin is not None:
        origin.check(path, graph, records)
    numbered = [f"class {number}" for number in range(len(positives))]
    names = table["name"].to_pylist() if "name" in table.column_names else numbered
    filled = tuple(name or number for name, number in zip(names, numbered, strict=True))
    return Classes(filled, positives, precision)


def read_rows(path: Path, shape: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """A JSON list of mappings of this shape (see `yt8m.json_files`), one or more.

    Raises ArtefactError otherwise.
    """
    rows = read_json(path, [shape])
    if not rows:
        raise ArtefactError(f"{path}: has no rows; make it again")
    return rows
