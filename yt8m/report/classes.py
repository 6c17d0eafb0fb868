"""How well the final ensemble predicts single classes."""

import numpy as np

from yt8m.report.content import Content
from yt8m.report.files import Classes
from yt8m.report.number_format import count, listed, metric, several

SHOWN = 3
"""Classes of each end that the summary names."""

ENOUGH = (50, 20, 10, 5, 2, 1)
"""Positives that a class needs to be ranked: the most that leaves at least `LEFT` classes."""

LEFT = 20
"""Classes that are enough to rank."""


def positives_needed(classes: Classes) -> int:
    """Least positives of a ranked class, since average precision is noisy with few positives."""
    for needed in ENOUGH:
        if np.count_nonzero(classes.positives >= needed) >= LEFT:
            return needed
    return 1


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
        f"{_extremes(content)}"
    )


def _extremes(content: Content) -> str:
    """The best and worst of the classes with enough positives."""
    own = content.classes[content.final.name]
    needed = positives_needed(own)
    ranked = np.flatnonzero(own.positives >= needed)
    # Of equal precision, the class that occurs more often comes first.
    keys = (ranked, -own.positives[ranked], -own.average_precision[ranked])
    ordered = ranked[np.lexsort(keys)]
    best, worst = ordered[:SHOWN], ordered[SHOWN:][::-1][:SHOWN]
    if not len(ranked):
        return ""
    highest, lowest = (listed([_named(own, int(c)) for c in chosen]) for chosen in (best, worst))
    ends = f"highest for {highest}" + (f", and lowest for {lowest}" if lowest else "")
    least = several(needed, "positive")
    return f"Among classes with at least {least}, average precision (AP) is {ends}."


def _named(classes: Classes, index: int) -> str:
    return f"{classes.names[index]} ({metric(float(classes.average_precision[index]))})"
