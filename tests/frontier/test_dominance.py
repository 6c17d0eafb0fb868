"""The frontier, against its definition."""

from dataclasses import replace

import numpy as np

from tests.frontier.made import model
from yt8m.frontier.dominance import non_dominated
from yt8m.frontier.rows import rows_of

(ROW,) = rows_of([model("it", (640,))])


def row(size_bytes, gap):
    return replace(ROW, size_bytes=size_bytes, gap=gap)


def beats(a, b):
    """As few bytes and as high a GAP, and one of them better."""
    as_good = a.size_bytes <= b.size_bytes and a.gap >= b.gap
    return as_good and (a.size_bytes < b.size_bytes or a.gap > b.gap)


def test_the_frontier_is_what_no_other_row_beats():
    random = np.random.default_rng(0)
    for _ in range(50):
        pairs = random.integers(0, 12, (20, 2)).tolist()
        rows = [row(size, gap / 10) for size, gap in pairs]
        found = non_dominated(rows)
        expected = {(r.size_bytes, r.gap) for r in rows if not any(beats(o, r) for o in rows)}
        assert [(r.size_bytes, r.gap) for r in found] == sorted(expected)


def test_of_equal_rows_the_first_is_kept():
    first, second = row(5, 0.5), replace(row(5, 0.5), model="other")
    assert non_dominated([first, second]) == [first]
    assert non_dominated([]) == []
