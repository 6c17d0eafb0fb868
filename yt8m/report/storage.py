"""The sizes of the parts of the final ensemble."""

from markupsafe import Markup

from yt8m.report.content import Content, Ensemble
from yt8m.report.drawing.axes import Panel, Scale
from yt8m.report.drawing.svg import figure, group, line, rect, shortened, text
from yt8m.report.number_format import count, percent, round_size, size
from yt8m.report.tables import Cell, Row, Table, numbers, plain, words

LARGEST = 12
"""Variables in the table; the others are summed."""

WIDTH, BAR, LEFT = 980, 34, 120


def member_bytes(ensemble: Ensemble) -> dict[str, int]:
    """Member -> bytes of its variables."""
    found = dict.fromkeys(ensemble.members, 0)
    for variable in ensemble.variables:
        found[variable.member] += variable.size_bytes
    return found


def bytes_bars(content: Content) -> Markup:
    """Each ensemble as a stacked bar of its members, with the final one's budget."""
    others = [e for e in content.ensembles.values() if e is not content.final]
    shown = [content.final, *others]
    largest = max(e.size_bytes for e in shown)
    budget = content.final.budget_bytes
    drawn = budget is not None and budget <= 1.5 * largest
    height = 36 + (BAR + 16) * len(shown) + 48
    x = Scale(0, max(largest, budget if drawn else 0) * 1.04, LEFT, WIDTH - 24)
    panel = Panel(x, Scale(0, 1, height - 50, 30), round_size, str)
    parts = [panel.draw("bytes on disk", "", x_ticks=6, y_ticks=0)]
    for row, ensemble in enumerate(shown):
        parts.append(_bar(ensemble, x, 36.0 + (BAR + 16) * row, ensemble is content.final))
    if drawn:
        words = f"budget of {content.final.name}: {size(budget)}"
        parts += [
            line(x(budget), height - 50, x(budget), 26, "limit"),
            text(x(budget) - 6, 22, words, "limit", "end"),
        ]
    return figure(WIDTH, height, "Bytes of each member of each ensemble", *parts)


def members_table(content: Content) -> Table:
    """Weight, bytes and bits per parameter of each member of the final ensemble."""
    final = content.final
    rows = []
    for name, own in member_bytes(final).items():
        parameters = sum(v.elements for v in final.variables if v.member == name)
        rows.append(
            [
                name,
                final.stages[name],
                f"{final.members[name]:g}",
                count(own),
                percent(own / final.size_bytes),
                count(parameters),
                f"{8 * own / max(parameters, 1):.2f}",
            ]
        )
    share = percent(final.graph_bytes / final.size_bytes)
    rows.append(["graph (SavedModel)", "", "", count(final.graph_bytes), share, "", ""])
    columns = numbers("weight", "bytes", "share", "parameters", "bits each")
    return plain([*words("member", "stage"), *columns], rows)


def variables_table(content: Content) -> Table:
    """The largest variables of the final ensemble, and the others in one row."""
    final = content.final
    ordered = sorted(final.variables, key=lambda v: (-v.size_bytes, v.member, v.name))
    rows = [
        Row(
            [
                Cell(v.member),
                Cell(v.name, mark="code"),
                Cell(v.storage),
                Cell(" × ".join(map(str, v.shape)) or "scalar"),
                *_amounts(v.elements, v.size_bytes, final),
            ]
        )
        for v in ordered[:LARGEST]
    ]
    if rest := ordered[LARGEST:]:
        elements, own = sum(v.elements for v in rest), sum(v.size_bytes for v in rest)
        name = Cell(f"{count(len(rest))} smaller variables")
        rows.append(
            Row([Cell(""), name, Cell(""), Cell(""), *_amounts(elements, own, final)], "total")
        )
    columns = [*words("member", "variable", "storage"), *numbers("shape", "elements", "bytes")]
    return Table([*columns, *numbers("share")], rows)


def _amounts(elements: int, size_bytes: int, final: Ensemble) -> list[Cell]:
    share = size_bytes / final.size_bytes
    return [Cell(count(elements)), Cell(count(size_bytes)), Cell(percent(share), bar=share)]


def _bar(ensemble: Ensemble, x: Scale, y: float, final: bool) -> Markup:
    parts = [text(LEFT - 12, y + BAR / 2 + 4, ensemble.name, "strong" if final else "", "end")]
    start = 0
    pieces = {**member_bytes(ensemble), "graph": ensemble.graph_bytes}
    for name, own in pieces.items():
        left, right = x(start), x(start + own)
        look = "graph" if name == "graph" else "final" if final else "group"
        inside = [rect(left, y, max(right - left - 1.5, 0.5), BAR, f"piece {look}", radius=2)]
        label = shortened(name, right - left - 12, 13)
        if len(label) > 3 or label == name:
            inside.append(text(left + 7, y + BAR / 2 + 4, label, "on-piece"))
        parts.append(group(*inside, note=f"{name}: {count(own)} bytes"))
        start += own
    return group(*parts)
