"""The table of all classes: sortable and searchable where the page's scripts run.

Its columns are what the browser shows too; without scripts there are its first rows.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from markupsafe import Markup

from yt8m.report.content import Content, held_stage
from yt8m.report.number_format import count, metric, signed
from yt8m.report.scripts import datatables, embedded
from yt8m.report.tables import Cell, Column, Row, Table, names, numbers

FIRST = 25
"""Rows of a page of the table."""

UNIT = 10_000
"""Average precision is a whole number of 1 / UNIT, as many digits as the page shows."""

Scores = Sequence[int | None]
"""A number per class in 1 / UNIT; None for a class without positives."""


@dataclass(frozen=True)
class _Scored:
    """A column of scores. gain: whether they are differences."""

    column: Column
    scores: Scores
    gain: bool = False


def reference(content: Content) -> str:
    """What the final ensemble is compared with: its teacher, else the best model alone."""
    if content.teacher:
        return content.teacher.name
    final_first = [content.final, *content.ensembles.values()]
    held = {n: m.stages[held_stage(n, final_first)] for n, m in content.models.items()}
    return max(held, key=lambda name: content.gap(held[name]))


def class_table(content: Content) -> Table:
    """The `FIRST` classes with the most positives."""
    own, scored = content.classes[content.final.name], list(_scored(content))
    first = np.argsort(-own.positives, kind="stable")[:FIRST].tolist()
    rows = [
        Row(
            [
                Cell(str(c)),
                Cell(own.names[c]),
                Cell(count(int(own.positives[c]))),
                *(_cell(each, c) for each in scored),
            ]
        )
        for c in first
    ]
    columns = [
        Column("no.", note="number of the class", mark="place"),
        *names("class"),
        *numbers("positives"),
        *(each.column for each in scored),
    ]
    return Table(columns, rows)


def class_script(content: Content) -> Markup:
    """The script that turns the table on the page into one of all classes."""
    own = content.classes[content.final.name]
    data = {
        "names": own.names,
        "positives": own.positives.tolist(),
        "scores": [each.scores for each in _scored(content)],
        "unit": UNIT,
        "rows": FIRST,
    }
    written = json.dumps(data, separators=(",", ":"), ensure_ascii=False)
    use = Path(__file__).with_name("classes.js").read_text(encoding="utf-8")
    return embedded(f"{datatables()}\nexport const classes = {written};\n", then=use)


def _scored(content: Content) -> Iterator[_Scored]:
    """AP of the final ensemble, its gain, and AP of the other graphs."""
    final = content.final.name
    precision = {name: _precision(content, name) for name in content.class_tables}
    own, other = precision[final], precision[reference(content)]
    gains = [None if a is None or b is None else a - b for a, b in zip(own, other, strict=True)]
    yield _Scored(Column(f"AP {final}", mark="bar"), own)
    yield _Scored(Column(f"against {reference(content)}"), gains, gain=True)
    for name, scores in precision.items():
        if name != final:
            # Printed pages have no room for the columns of models.
            mark = "" if name in content.ensembles else "screen-only"
            yield _Scored(Column(f"AP {name}", mark=mark), scores)


def _precision(content: Content, name: str) -> Scores:
    table = content.class_tables[name]
    scores = np.round(table.average_precision * UNIT).astype(int).tolist()
    seen = (table.positives > 0).tolist()
    return [score if is_seen else None for score, is_seen in zip(scores, seen, strict=True)]


def _cell(scored: _Scored, index: int) -> Cell:
    score = scored.scores[index]
    if score is None:
        return Cell(metric(None))
    value = score / UNIT
    if scored.gain:
        return Cell(signed(value))
    return Cell(metric(value), bar=value if scored.column.mark == "bar" else None)
