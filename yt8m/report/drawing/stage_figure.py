"""The figure of GAP by stage: a row per model and per ensemble."""

from collections.abc import Mapping

from markupsafe import Markup

from yt8m.report.content import Content, Graph
from yt8m.report.drawing.axes import Panel, Scale, scale_around, tick_text
from yt8m.report.drawing.marks import ensemble_look, legend, note_on, spot
from yt8m.report.drawing.svg import figure, group, line, shortened, text

WIDTH, LEFT, TOP, BOTTOM = 980, 190, 60, 60
ROW = 28


def gap_by_stage(content: Content) -> Markup:
    """Each model's marks from trained to quantised on one row, and the ensembles below."""
    rows = [(name, model.stages) for name, model in content.models.items()]
    rows += [(n, {ensemble_look(content, n): e}) for n, e in content.ensembles.items()]
    gaps = [content.gap(graph) for _, marks in rows for graph in marks.values()]
    x = scale_around(gaps, LEFT, WIDTH - 30)
    height = TOP + ROW * len(rows) + BOTTOM
    panel = Panel(x, Scale(0, 1, height - BOTTOM, TOP - 16), tick_text(x), str)
    parts = [panel.draw(f"GAP on {content.split}", "", y_ticks=0), legend(content, WIDTH - 30, 18)]
    for place, (name, marks) in enumerate(rows):
        parts.append(_row(name, marks, content, x, float(TOP + ROW * place)))
    return figure(WIDTH, height, "GAP of each model from stage to stage", *parts)


def _row(name: str, marks: Mapping[str, Graph], content: Content, x: Scale, y: float) -> Markup:
    at = [x(content.gap(graph)) for graph in marks.values()]
    look = "strong" if "final" in marks else ""
    parts = [
        line(x.start, y, x.end, y, "grid"),
        text(x.start - 14, y + 4, shortened(name, LEFT - 20, 12), look, "end"),
        line(min(at), y, max(at), y, "bond"),
    ]
    for (look, graph), pixel in zip(marks.items(), at, strict=True):
        parts.append(spot(look, pixel, y, note_on(f"{name}, {look}", content, graph)))
    return group(*parts)
