"""How many bytes each variable gets, so that all together fit and lose as little as can be.

A choice among options for each of many items under one constraint: the multiple-choice knapsack
problem. Losses are taken to add up. On the lower convex hull of each item's options the best ratio
of loss to bytes comes first (Shoham & Gersho, "Efficient bit allocation for an arbitrary set of
quantizers", 1988), which is optimal for every budget that a step ends at, and otherwise short of
the optimum by less than what the one step that no longer fits would have saved.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True)
class Option:
    """One way to store a variable: what it takes, and what it costs.

    name: of the quantiser and its settings, for tables. loss: of any unit, summed over variables.
    """

    name: str
    size_bytes: int
    loss: float


def allocate(items: Sequence[Sequence[Option]], budget_bytes: int) -> list[int]:
    """The number of the option to take for each item.

    items: for each variable its options, at least one. The options taken need no more than
    `budget_bytes` in all. Raises ValueError when even the smallest ones do.
    """
    hulls = [lower_hull(options) for options in items]
    left = budget_bytes - sum(o[h[0]].size_bytes for o, h in zip(items, hulls, strict=True))
    if left < 0:
        raise ValueError(f"the smallest options exceed the budget by {-left} bytes")
    taken = [hull[0] for hull in hulls]
    for item, option in _best_first(items, hulls):
        more = items[item][option].size_bytes - items[item][taken[item]].size_bytes
        # What is left by a step that is too large may do for a smaller one of another item.
        if more <= left:
            taken[item], left = option, left - more
    return taken


def lower_hull(options: Sequence[Option]) -> list[int]:
    """Numbers of the options on the lower convex hull of loss over bytes, the smallest first.

    Every further option costs more bytes, loses less, and saves less loss a byte than the one
    before. Of equally large options the one that loses least counts, of like ones the first.
    """
    order = sorted(range(len(options)), key=lambda i: (options[i].size_bytes, options[i].loss, i))
    hull: list[int] = []
    for i in order:
        if hull and options[i].loss >= options[hull[-1]].loss:
            continue
        while len(hull) > 1 and _saving(options, hull[-1], i) >= _saving(
            options, hull[-2], hull[-1]
        ):
            hull.pop()
        hull.append(i)
    return hull


def _saving(options: Sequence[Option], smaller: int, larger: int) -> float:
    """Loss saved by each byte between two options of one item."""
    fewer, more = options[smaller], options[larger]
    return (fewer.loss - more.loss) / (more.size_bytes - fewer.size_bytes)


def _best_first(items, hulls) -> list[tuple[int, int]]:
    """(item, option) of every step up a hull, the one that saves most a byte first."""
    steps = [
        (-_saving(items[number], smaller, larger), number, place, larger)
        for number, hull in enumerate(hulls)
        for place, (smaller, larger) in enumerate(pairwise(hull))
    ]
    return [(number, larger) for _, number, _, larger in sorted(steps)]
