"""The sizes of the parts of the final ensemble."""

from yt8m.report.content import Content, Ensemble
from yt8m.report.number_format import count, percent
from yt8m.report.tables import Cell, Row, Table, numbers, plain, words

LARGEST = 12
"""Variables in the table; the others are summed."""


def member_bytes(ensemble: Ensemble) -> dict[str, int]:
    """Member -> bytes of its variables."""
    found = dict.fromkeys(ensemble.members, 0)
    for variable in ensemble.variables:
        found[variable.member] += variable.size_bytes
    return found


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
