"""Models at all sizes: the table of those that no other beats."""

from collections.abc import Sequence

from yt8m.frontier.dominance import non_dominated
from yt8m.frontier.rows import Row as Size
from yt8m.report.number_format import count, metric
from yt8m.report.tables import Cell, Row, Table, numbers, words


def frontier_table(sizes: Sequence[Size]) -> Table:
    """The model and the encoding to choose for each number of bytes, the smallest first."""
    rows = [
        Row(
            [
                Cell(size.model),
                Cell(size.family),
                Cell(size.encoding),
                Cell(count(size.size_bytes)),
                Cell(metric(size.gap)),
                Cell("" if size.deviation is None else metric(size.deviation)),
                Cell(count(size.seeds)),
            ]
        )
        for size in non_dominated(sizes)
    ]
    titles = numbers("bytes", "GAP", "deviation", "seeds")
    return Table([*words("model", "family", "stored as"), *titles], rows)
