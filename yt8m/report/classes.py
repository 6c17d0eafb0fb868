"""The classes that the final ensemble predicts best and worst."""

import numpy as np

from yt8m.report.content import Content
from yt8m.report.files import Classes
from yt8m.report.number_format import count, metric, signed
from yt8m.report.tables import Cell, Column, Row, Table, numbers

SHOWN = 10
"""Classes in each of the two tables."""

ENOUGH = (50, 20, 10, 5, 2, 1)
"""Positives that a class needs to be ranked: the most that leaves at least `2 * SHOWN` classes."""


def positives_needed(classes: Classes) -> int:
    """Least positives of a ranked class, since average precision is noisy with few positives."""
    for needed in ENOUGH:
        if np.count_nonzero(classes.positives >= needed) >= 2 * SHOWN:
            return needed
    return 1


def best_classes(content: Content) -> Table:
    """The classes with the highest average precision of the final ensemble."""
    return _table(content, best=True)


def worst_classes(content: Content) -> Table:
    """The classes with the lowest average precision."""
    return _table(content, best=False)


def classes_summary(content: Content) -> str:
    """How many classes have positives, and how many of these are never found."""
    own = content.classes[content.final.name]
    seen = own.positives > 0
    lost = np.count_nonzero(seen & (own.average_precision == 0))
    name, few = content.final.name, content.final.measures[content.split]["top_k"]
    found = (
        f"{name} never finds {count(int(lost))} of them" if lost else f"{name} finds each of them"
    )
    return (
        f"{count(int(seen.sum()))} of {count(len(seen))} classes occur in {content.split}; {found} "
        f"among the {few} most probable classes of a video that has it. "
        f"The tables rank classes with at least {positives_needed(own)} positives."
    )


def _table(content: Content, best: bool) -> Table:
    own = content.classes[content.final.name]
    ranked = np.flatnonzero(own.positives >= positives_needed(own))
    sign = -1 if best else 1
    # Of equal precision, the class that occurs more often comes first.
    keys = (ranked, -own.positives[ranked], sign * own.average_precision[ranked])
    chosen = ranked[np.lexsort(keys)][:SHOWN]
    others = [(n, c) for n, c in content.classes.items() if n != content.final.name]
    rows = [Row(_cells(int(c), own, [classes for _, classes in others])) for c in chosen]
    titles = ["positives", f"AP {content.final.name}"]
    for name, _ in others:
        titles += [f"AP {name}", "difference"]
    return Table([Column("class", number=False), *numbers(*titles)], rows)


def _cells(index: int, own: Classes, others: list[Classes]) -> list[Cell]:
    precision = float(own.average_precision[index])
    cells = [
        Cell(own.names[index], note=f"class {index}"),
        Cell(count(int(own.positives[index]))),
        Cell(metric(precision), bar=precision),
    ]
    for other in others:
        theirs = float(other.average_precision[index])
        cells += [Cell(metric(theirs)), Cell(signed(precision - theirs))]
    return cells
