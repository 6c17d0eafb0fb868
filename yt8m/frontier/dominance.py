"""Rows that no other row beats in both bytes and GAP: the frontier."""

from collections.abc import Sequence

from yt8m.frontier.rows import Row


def non_dominated(rows: Sequence[Row]) -> list[Row]:
    """The rows for which no other has as few bytes and as high a GAP, and one of them better.

    The smallest comes first. Of rows that are equal in both, only the first is kept. The frontier
    is that of means: rows within a deviation of it may be as good.
    """
    found: list[Row] = []
    for row in sorted(rows, key=lambda row: (row.size_bytes, -row.gap)):
        if not found or row.gap > found[-1].gap:
            found.append(row)
    return found
