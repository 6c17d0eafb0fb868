"""A comparison as CSV, a row per row, and as JSON, with everything that the page says."""

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from yt8m.atomic import replacing
from yt8m.comparison.comparison import Comparison
from yt8m.comparison.effects import Effect
from yt8m.comparison.rows import METRICS, Row
from yt8m.json_files import write_json

SETTING = "settings."
"""What the names of the CSV's columns of settings start with."""


def write_comparison_csv(comparison: Comparison, path: Path) -> None:
    """Write a line per row, the highest GAP first; empty where something is unknown."""
    rows = _rows(comparison)
    with replacing(path) as temporary, temporary.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        paths = list(comparison.settings)
        writer.writerow([*_flat(rows[0]), *(f"{SETTING}{name}" for name in paths)])
        for row in rows:
            settings = [_cell(row["settings"][name]) for name in paths]
            writer.writerow([*_flat(row).values(), *settings])


def write_comparison_json(comparison: Comparison, path: Path) -> None:
    """Write everything that the page says, with full precision."""
    how, first = comparison.how, comparison.rows[0].first
    write_json(
        path,
        {
            "split": comparison.split,
            "records": first.records,
            "top_k": first.metrics["top_k"],
            "videos": first.metrics["videos"],
            "runs": list(comparison.runs),
            "reference": comparison.name(comparison.reference.first),
            "level": how.level,
            "resamples": how.resamples,
            "seed": how.seed,
            "differences": comparison.judged,
            "rows": _rows(comparison),
            "effects": [_effect(effect) for effect in comparison.effects],
            "not_compared": [vars(each) for each in comparison.left_out],
        },
    )


def _rows(comparison: Comparison) -> list[dict[str, Any]]:
    return [
        {
            **_numbers(row),
            "run": row.first.run,
            "name": row.first.name,
            "stage": row.first.stage,
            "members": [comparison.name(graph) for graph in row.members],
            "same_settings": [also for graph in row.members for also in graph.also],
            "settings": {path: column[place] for path, column in comparison.settings.items()},
        }
        for place, row in enumerate(comparison.rows)
    ]


def _numbers(row: Row) -> dict[str, Any]:
    against = row.against
    return {
        **{word: row.metrics[word] for word in METRICS},
        "gap_sd": row.spread,
        "gap_low": row.interval.low if row.interval else None,
        "gap_high": row.interval.high if row.interval else None,
        "difference": against.value if against else None,
        "difference_low": against.interval.low if against and against.interval else None,
        "difference_high": against.interval.high if against and against.interval else None,
        "p": against.p if against else None,
        "size_bytes": row.size_bytes,
        "training_seconds": row.seconds,
    }


FIRST = ("name", "run", "stage", "members")
"""The first columns of the CSV."""


def _flat(row: Mapping[str, Any]) -> dict[str, str]:
    """The columns besides settings."""
    names = [*FIRST, *(word for word in row if word not in (*FIRST, "settings"))]
    return {name: _cell(row[name]) for name in names}


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, Sequence) and all(isinstance(item, str) for item in value):
        return ", ".join(value)
    return json.dumps(value, sort_keys=True)


def _effect(effect: Effect) -> dict[str, Any]:
    return {**vars(effect), "values": [vars(value) for value in effect.values]}
