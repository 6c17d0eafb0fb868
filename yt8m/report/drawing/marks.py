"""Marks of stages and ensembles, the same in all figures."""

from markupsafe import Markup

from yt8m.report.content import Content, Graph
from yt8m.report.drawing.svg import group, mark, text
from yt8m.report.number_format import count, metric
from yt8m.workflow.layout import STAGES

SHAPES = {
    "trained": "circle",
    "ema": "square",
    "quantised": "circle",
    "ensemble": "diamond",
    "final": "diamond",
}
"""Look -> shape; a look is a CSS class, so colour is never the only distinction."""

RADIUS = 5.0


def ensemble_look(content: Content, name: str) -> str:
    """The look of an ensemble; the final one has its own."""
    return "final" if name == content.final.name else "ensemble"


def spot(look: str, x: float, y: float, note: str) -> Markup:
    """One mark; `note` is its tooltip."""
    radius = 6.5 if look == "final" else RADIUS
    return group(mark(SHAPES[look], x, y, radius, f"mark {look}"), note=note)


def note_on(name: str, content: Content, graph: Graph) -> str:
    """`vlad, ema: GAP 0.8123, 1,234,567 bytes`."""
    return f"{name}: GAP {metric(content.gap(graph))}, {count(graph.size_bytes)} bytes"


def legend(content: Content, right: float, y: float) -> Markup:
    """The legend of the marks, in a line that ends at `right`."""
    others = ["ensemble"] if len(content.ensembles) > 1 else []
    words = [*STAGES, *others, "final"]
    widths = [32 + 6.4 * len(word) for word in words]
    parts, left = [], right - sum(widths) + 10
    for word, width in zip(words, widths, strict=True):
        parts.append(mark(SHAPES[word], left + 6, y - 4, RADIUS, f"mark {word}"))
        parts.append(text(left + 16, y, word, "key"))
        left += width
    return Markup("").join(parts)
