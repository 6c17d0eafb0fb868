"""How well the final ensemble predicts single classes."""

import numpy as np
from markupsafe import Markup

from yt8m.report.content import Content
from yt8m.report.drawing.axes import Panel, Scale, scale_around
from yt8m.report.drawing.svg import dots, figure, polyline, text
from yt8m.report.files import Classes
from yt8m.report.number_format import count, listed, metric, several, short

SHOWN = 3
"""Classes of each end that the summary names."""

ENOUGH = (50, 20, 10, 5, 2, 1)
"""Positives that a class needs to be ranked: the most that leaves at least `LEFT` classes."""

LEFT = 20
"""Classes that are enough to rank."""

WIDTH, HEIGHT = 980, 330


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


def precision_by_positives(content: Content) -> Markup:
    """Average precision of each class over its positives, with the means of groups."""
    own = content.classes[content.final.name]
    seen = own.positives > 0
    x = scale_around(own.positives[seen].tolist(), 56, WIDTH - 24, 0.04, log=True)
    y = Scale(0.0, 1.0, HEIGHT - 52, 40)
    panel = Panel(x, y, short, lambda v: f"{v:.1f}")
    points = zip(own.positives[seen], own.average_precision[seen], strict=True)
    parts = [
        panel.draw(f"positives in {content.split} (log scale)", "average precision"),
        dots([panel.at(float(p), float(ap)) for p, ap in points], "cloud"),
    ]
    legend = WIDTH - 24.0
    for name, classes in reversed(content.classes.items()):
        class_ = "curve final" if name == content.final.name else "curve group"
        means = [panel.at(*point) for point in _means(classes)]
        parts.append(polyline(means, class_))
        left = legend - 7 * len(name)
        parts += [
            polyline([(left - 28, 16.0), (left - 6, 16.0)], class_),
            text(left, 20, name, "key"),
        ]
        legend = left - 48
    return figure(WIDTH, HEIGHT, "Average precision against positives of a class", *parts)


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


def _means(classes: Classes) -> list[tuple[float, float]]:
    """Geometric mean of positives and mean precision of the classes within each power of two."""
    seen = classes.positives > 0
    positives, precision = classes.positives[seen], classes.average_precision[seen]
    groups = np.floor(np.log2(positives)).astype(int)
    return [
        (float(np.exp(np.log(positives[chosen]).mean())), float(precision[chosen].mean()))
        for chosen in (groups == g for g in np.unique(groups))
    ]
