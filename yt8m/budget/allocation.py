"""Allocation of bytes to variables, so that all fit a budget with the least total loss.

Choosing one option for each of many items under one constraint is the multiple-choice knapsack
problem. Losses are assumed to add up. Steps along the lower convex hulls of the items' options are
taken greedily, the best ratio of loss to bytes first (Shoham & Gersho, "Efficient bit allocation
for an arbitrary set of quantizers", 1988). That is optimal for every budget at which a step ends;
otherwise the gap to the optimum is less than what the first step that does not fit would save.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True)
class Option:
    """One encoding of a variable: its size and its loss.

    name: of the quantiser and its settings, for tables. loss: in any unit; summed over variables.
    """

    name: str
    size_bytes: int
    loss: float


def allocate(items: Sequence[Sequence[Option]], budget_bytes: int) -> list[int]:
    """The index of the chosen option for each item.

    items: the options of each variable, at least one. The chosen options take at most
        `budget_bytes` in total. Raises ValueError if even the smallest ones take more.
    """
    hulls = [lower_hull(options) for options in items]
    left = budget_bytes - sum(o[h[0]].size_bytes for o, h in zip(items, hulls, strict=True))
    if left < 0:
        raise ValueError(f"the smallest options exceed the budget by {-left} bytes")
    taken = [hull[0] for hull in hulls]
    for item, option in _best_first(items, hulls):
        more = items[item][option].size_bytes - items[item][taken[item]].size_bytes
        # If a step does not fit, a smaller one of another item may.
        if more <= left:
            taken[item], left = option, left - more
    return taken


def lower_hull(options: Sequence[Option]) -> list[int]:
    """Indices of the options on the lower convex hull of loss over bytes, the smallest first.

    Each option takes more bytes, loses less, and saves less loss per byte than the one before. Of
    options of equal size, the one with the least loss is used; of equal options, the first.
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
    """Loss saved per byte between two options of one item."""
    fewer, more = options[smaller], options[larger]
    return (fewer.loss - more.loss) / (more.size_bytes - fewer.size_bytes)


def _best_first(items, hulls) -> list[tuple[int, int]]:
    """(item, option) of every step along a hull, the one that saves most per byte first."""
    steps = [
        (-_saving(items[number], smaller, larger), number, place, larger)
        for number, hull in enumerate(hulls)
        for place, (smaller, larger) in enumerate(pairwise(hull))
    ]
    return [(number, larger) for _, number, _, larger in sorted(steps)]
