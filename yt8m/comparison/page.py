"""The page of a comparison: self-contained HTML that needs nothing beside it."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from markupsafe import Markup

from yt8m.atomic import replacing
from yt8m.comparison.charts import ROWS, number_against_gap, setting_against_gap
from yt8m.comparison.comparison import Comparison
from yt8m.comparison.parallel import MOST_AXES, Axis, axes_of, parallel_coordinates
from yt8m.comparison.shown import Setting, data_of, shown_settings
from yt8m.comparison.tables import (
    STATIC,
    column_kinds,
    effects_table,
    left_out_table,
    ranks_table,
    rows_table,
)
from yt8m.comparison.words import judgement, summary
from yt8m.report.frame import render_page
from yt8m.report.scripts import datatables, embedded

PAGE = 25
"""Rows of a page of the table."""

MOST_FIGURES = 12
"""Settings with a figure of their own."""


def write_page(comparison: Comparison, path: Path, title: str) -> None:
    """Write the page; an equal comparison gives equal bytes."""
    with replacing(path) as temporary:
        temporary.write_text(render(comparison, title), encoding="utf-8")


def render(comparison: Comparison, title: str) -> str:
    """The page as HTML, with styles, figures, scripts and all rows inside."""
    settings = shown_settings(comparison)
    of_models = _of_models(comparison, settings)
    axes = _axes(comparison, of_models or settings)
    return render_page(
        "comparison/page.html",
        title,
        summary(comparison),
        style=Path(__file__).with_name("page.css").read_text(encoding="utf-8"),
        rows_id=ROWS,
        rows=_data(comparison, settings, axes),
        rows_script=_rows_script(comparison, settings),
        comparison=comparison,
        shown_rows=min(STATIC, len(comparison.rows)),
        judgement=judgement(comparison),
        table=rows_table(comparison, settings),
        parallel=parallel_coordinates(axes, comparison.split) if len(axes) > 1 else None,
        parallel_width=110 * len(axes),
        unseen=max(0, len(of_models or settings) - MOST_AXES),
        figures=_figures(comparison, of_models),
        costs=_costs(comparison),
        effects=effects_table(comparison.effects, settings),
        ranks=ranks_table(comparison.effects, settings),
        left_out=left_out_table(comparison),
    )


def _of_models(comparison: Comparison, settings: Sequence[Setting]) -> list[Setting]:
    """The settings that models have with several values."""
    known = {effect.setting for effect in comparison.effects}
    return [s for s in settings if s.path in known and len(set(map(str, s.given))) > 1]


def _axes(comparison: Comparison, settings: Sequence[Setting]) -> list[Axis]:
    rows = comparison.rows
    if len(rows) < 2:
        return []
    return axes_of(settings, [row.size_bytes for row in rows], [row.gap for row in rows])


def _data(comparison: Comparison, settings: Sequence[Setting], axes: Sequence[Axis]) -> Markup:
    """All rows as JSON that is safe inside a script element."""
    rows: list[dict[str, Any]] = data_of(comparison, settings)
    for axis in axes:
        for row, height in zip(rows, axis.heights, strict=True):
            row[axis.key] = round(height, 3)
    rows.reverse()  # figures draw the highest GAP last, above the others
    text = json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c"))


def _rows_script(comparison: Comparison, settings: Sequence[Setting]) -> Markup:
    """The script that turns the first rows into a table of all."""
    given = {
        "columns": column_kinds(comparison, settings),
        "limit": 1 - comparison.how.level,
        "pageRows": PAGE,
        "rowsId": ROWS,
    }
    exports = "".join(f"export const {name} = {json.dumps(v)};\n" for name, v in given.items())
    use = Path(__file__).with_name("page.js").read_text(encoding="utf-8")
    return embedded(f"{datatables()}\n{exports}", then=use)


def _figures(comparison: Comparison, settings: Sequence[Setting]) -> list[Markup]:
    """GAP against each of the first settings of models."""
    known = {effect.setting: effect for effect in comparison.effects}
    found = (
        setting_against_gap(s, known[s.path], len(comparison.rows), comparison.split)
        for s in settings
    )
    return [figure for figure in found if figure][:MOST_FIGURES]


def _costs(comparison: Comparison) -> list[Markup]:
    """GAP against bytes, and against training time."""
    columns = {
        ("bytes", "bytes"): [row.size_bytes for row in comparison.rows],
        ("seconds", "seconds of training"): [row.seconds for row in comparison.rows],
    }
    found = []
    for (key, title), values in columns.items():
        given = [value for value in values if value is not None]
        if len(set(given)) > 1:
            found.append(number_against_gap(key, title, given, comparison.split))
    return found
