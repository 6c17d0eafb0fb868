"""Tables of the page of a comparison."""

from collections.abc import Sequence

from yt8m.comparison.comparison import Comparison
from yt8m.comparison.effects import Effect
from yt8m.comparison.rows import Row
from yt8m.comparison.shown import Setting, row_name, value_text
from yt8m.report.number_format import MINUS, interval_text, metric, signed, size
from yt8m.report.tables import Cell, Column, Table, names, numbers, plain, words
from yt8m.report.tables import Row as TableRow

STATIC = 50
"""Rows of the table that is on the page without scripts and in print."""

NONE = "–"


def rows_table(comparison: Comparison, settings: Sequence[Setting]) -> Table:
    """The first `STATIC` rows."""
    stages = len({row.first.stage for row in comparison.rows}) > 1
    columns = [
        *names("graph"),
        *numbers("GAP"),
        Column("difference", note="GAP minus that of the reference"),
        Column("p", note="adjusted to all differences (Holm)"),
        *(words("stage") if stages else []),
        *(Column(s.title, number=s.numeric, note=s.path) for s in settings),
        *numbers("MAP", "PERR", "Hit@1"),
        *numbers("bytes"),
        Column("time", note="training, without its start"),
    ]
    rows = [
        TableRow(
            [
                Cell(row_name(comparison, row), note=_members(comparison, row)),
                *_gap(comparison, row),
                *([Cell(row.first.stage)] if stages else []),
                *(Cell(value_text(s.values[place])) for s in settings),
                *_other_results(row),
            ],
            mark="final" if row.against is None else "",
        )
        for place, row in enumerate(comparison.rows[:STATIC])
    ]
    return Table(columns, rows)


def _gap(comparison: Comparison, row: Row) -> list[Cell]:
    below = f"± {row.spread:.4f} " if row.spread is not None else ""
    below += interval_text(row.interval) if row.interval else ""
    return [Cell(metric(row.gap), below=below), *_against(comparison, row)]


def _other_results(row: Row) -> list[Cell]:
    size_text = NONE if row.size_bytes is None else size(row.size_bytes)
    return [
        *(Cell(metric(row.metrics[word])) for word in ("map", "perr", "hit_at_one")),
        Cell(size_text, key=row.size_bytes),
        Cell(NONE if row.seconds is None else duration(row.seconds), key=row.seconds),
    ]


def _against(comparison: Comparison, row: Row) -> list[Cell]:
    against = row.against
    if against is None:
        return [Cell("reference", mark="noise"), Cell("")]
    found = against.interval
    below = f"[{signed(found.low)}, {signed(found.high)}]" if found else ""
    limits = 1 - comparison.how.level
    proven = against.p is not None and against.p <= limits and found.excludes_zero
    mark = ("gain" if against.value > 0 else "drop") if proven else "noise"
    p = NONE if against.p is None else p_text(against.p)
    return [Cell(signed(against.value), below=below, mark=mark), Cell(p)]


def _members(comparison: Comparison, row: Row) -> str:
    found = [comparison.name(graph) for graph in row.members] if len(row.members) > 1 else []
    same = [f"same settings: {also}" for graph in row.members for also in graph.also]
    return "; ".join([*([", ".join(found)] if found else []), *same])


def p_text(p: float) -> str:
    """An adjusted p value: 0.012, or <0.001."""
    return "<0.001" if p < 0.001 else f"{p:.3f}"


def duration(seconds: float) -> str:
    """Seconds with the unit that fits: 24 s, 5.2 min, 3.1 h."""
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.1f} min" if seconds < 6000 else f"{seconds / 3600:.1f} h"


def effects_table(effects: Sequence[Effect], settings: Sequence[Setting]) -> Table | None:
    """Means per value of the settings whose values can be compared; None without any."""
    titles = {s.path: s.title for s in settings}
    rows = [
        TableRow(
            [
                Cell(titles[e.setting], rows=len(e.values), note=e.setting) if n == 0 else None,
                Cell(value_text(value.value) or "none"),
                Cell(metric(value.mean)),
                Cell(NONE if value.spread is None else f"{value.spread:.4f}"),
                Cell("best" if n == 0 else f"{MINUS}{abs(value.from_best):.4f}"),
                Cell(str(e.combinations)),
            ],
            mark="first" if n == 0 else "",
        )
        for e in effects
        for n, value in enumerate(e.values)
    ]
    columns = [*names("setting"), *words("value"), *numbers("mean GAP", "sd", "from best")]
    columns.append(Column("combinations", note="of the other settings"))
    return Table(columns, rows) if rows else None


def ranks_table(effects: Sequence[Effect], settings: Sequence[Setting]) -> Table | None:
    """Rank correlations of the other settings of numbers; None without any."""
    titles = {s.path: s.title for s in settings}
    found = [e for e in effects if e.rank_correlation is not None]
    found.sort(key=lambda e: -abs(e.rank_correlation))
    rows = [
        [titles[e.setting], f"{e.rank_correlation:+.2f}".replace("-", MINUS), str(e.rows)]
        for e in found
    ]
    columns = [*names("setting"), *numbers("rank correlation", "rows")]
    return plain(columns, rows) if rows else None


def left_out_table(comparison: Comparison) -> Table | None:
    """What is not compared, and why; None if all is."""
    rows = [[each.label, each.reason] for each in comparison.left_out]
    return plain([*names("graph"), *words("reason")], rows) if rows else None


def column_kinds(comparison: Comparison, settings: Sequence[Setting]) -> list[dict[str, str]]:
    """Of each column of `rows_table`: the key of its data, and how it is shown."""
    stages = len({row.first.stage for row in comparison.rows}) > 1
    found = [("name", "text"), ("gap", "gap"), ("diff", "difference"), ("p", "p")]
    found += [("stage", "text")] if stages else []
    found += [(s.key, "number" if s.numeric else "text") for s in settings]
    found += [("map", "metric"), ("perr", "metric"), ("hit", "metric")]
    found += [("bytes", "bytes"), ("seconds", "time")]
    return [{"key": key, "kind": kind} for key, kind in found]
