"""The table of all models at all sizes as a CSV, a row per point."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from yt8m.atomic import replacing
from yt8m.frontier.dominance import non_dominated
from yt8m.frontier.points import ModelPoints
from yt8m.frontier.rows import family_of, rows_of

COLUMNS = ("model", "family", "seed", "of", "encoding", "budget_bytes", "size_bytes")
COLUMNS += ("gap", "loss", "seeds", "mean_gap", "sd_gap", "on_frontier")


def write_table(path: Path, models: Sequence[ModelPoints]) -> None:
    """Write every point, with what it is together with its repetitions, as a CSV.

    Raises ArtefactError for models that cannot be compared.
    """
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(COLUMNS)
    rows.writerows(_lines(models))
    with replacing(path) as temporary:
        temporary.write_text(text.getvalue(), encoding="utf-8")


def _lines(models: Sequence[ModelPoints]) -> list[list]:
    by_name = {found.model: found for found in models}
    rows = rows_of(models)
    frontier = non_dominated(rows)
    lines = []
    for row in rows:
        shared = [row.seeds, f"{row.gap:.6f}", _or_empty(row.deviation), int(row in frontier)]
        for name in row.models:
            found = by_name[name]
            point = next(p for p in found.points if p.encoding == row.encoding)
            seed = found.settings["training"]["seed"]
            budget = "" if point.budget_bytes is None else point.budget_bytes
            own = [name, family_of(found.settings), seed, row.model, row.encoding, budget]
            scores = [point.size_bytes, f"{point.gap:.6f}", f"{point.loss:.6f}"]
            lines.append([*own, *scores, *shared])
    return lines


def _or_empty(value: float | None) -> str:
    return "" if value is None else f"{value:.6f}"
