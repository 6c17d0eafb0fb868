"""The figure of GAP over bytes, the trade-off of the whole experiment."""

from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup

from yt8m.report.content import Content
from yt8m.report.drawing.axes import Panel, scale_around, tick_text
from yt8m.report.drawing.labels import Box, place_labels
from yt8m.report.drawing.marks import ensemble_look, legend, note_on, spot
from yt8m.report.drawing.svg import figure, line, polyline, text
from yt8m.report.number_format import round_size, size

WIDTH, HEIGHT = 980, 420
FONT = 12


@dataclass(frozen=True)
class Spot:
    """A graph in the figure: pixels, look, and its label, if any."""

    x: float
    y: float
    look: str
    note: str
    label: str = ""


def size_against_gap(content: Content) -> Markup:
    """Every graph by its bytes (log) and GAP, with a line through a model's stages."""
    panel = _panel(content)
    threads = _model_spots(content, panel)
    spots = [s for thread in threads for s in thread] + _ensemble_spots(content, panel)
    lines = [[(s.x, s.y) for s in thread] for thread in threads]
    limit = _limit(content, panel)
    parts = [
        panel.draw("bytes on disk (log scale)", f"GAP on {content.split}"),
        *limit,
        *(polyline(points, "thread") for points in lines),
        *(spot(s.look, s.x, s.y, s.note) for s in spots),
        *_labels(spots, lines, panel, content),
        legend(content, WIDTH - 24, 18),
    ]
    return figure(WIDTH, HEIGHT, f"Bytes on disk against GAP on {content.split}", *parts)


def _panel(content: Content) -> Panel:
    graphs = [g for m in content.models.values() for g in m.stages.values()]
    graphs += list(content.ensembles.values())
    x = scale_around([g.size_bytes for g in graphs], 64, WIDTH - 24, 0.1, log=True)
    y = scale_around([content.gap(g) for g in graphs], HEIGHT - 52, 46, 0.1)
    return Panel(x, y, round_size, tick_text(y))


def _model_spots(content: Content, panel: Panel) -> list[list[Spot]]:
    """The stages of each model in order; the last one has the label."""
    return [
        [
            Spot(
                *panel.at(graph.size_bytes, content.gap(graph)),
                stage,
                note_on(f"{model.name}, {stage}", content, graph),
                model.name if stage == "quantised" else "",
            )
            for stage, graph in model.stages.items()
        ]
        for model in content.models.values()
    ]


def _ensemble_spots(content: Content, panel: Panel) -> list[Spot]:
    return [
        Spot(
            *panel.at(e.size_bytes, content.gap(e)),
            ensemble_look(content, e.name),
            note_on(e.name, content, e),
            e.name,
        )
        for e in content.ensembles.values()
    ]


def _limit(content: Content, panel: Panel) -> list[Markup]:
    """A line at the budget, if it is in range."""
    budget = content.final.budget_bytes
    if not budget or not panel.x.low <= budget <= panel.x.high:
        return []
    at, bottom = panel.x(budget), panel.y.start
    room_on_the_right = at < panel.x.end - 130
    place = (at + 6, None) if room_on_the_right else (at - 6, "end")
    return [
        line(at, bottom, at, panel.y.end, "limit"),
        text(place[0], bottom - 8, f"budget {size(budget)}", "limit", place[1]),
    ]


def _labels(spots: list[Spot], lines: list, panel: Panel, content: Content) -> list[Markup]:
    """Labels, ensembles first, that avoid all marks and lines if possible."""
    # Three times, since covering a mark is worse than crossing a line.
    obstacles = 3 * [(s.x - 7, s.y - 7, s.x + 7, s.y + 7) for s in spots]
    obstacles += [box for points in lines for box in _along(points)]
    bounds = (panel.x.start, panel.y.end, panel.x.end, panel.y.start)
    budget = content.final.budget_bytes
    if budget and panel.x.low <= budget <= panel.x.high:
        at = panel.x(budget)
        obstacles += _along([(at, bounds[1]), (at, bounds[3])])
    named = [s for s in reversed(spots) if s.label]
    placed = place_labels([(s.x, s.y, s.label) for s in named], obstacles, bounds, FONT)
    parts = []
    for s, label in zip(named, placed, strict=True):
        if label.far:
            parts.append(line(s.x, s.y, label.x, label.y - 4, "leader"))
        look = "label strong" if s.look == "final" else "label"
        parts.append(text(label.x, label.y, label.words, look, label.anchor))
    return parts


def _along(points: list[tuple[float, float]]) -> list[Box]:
    """Small boxes along a line through points, for labels to avoid."""
    boxes = []
    for (x1, y1), (x2, y2) in pairwise(points):
        pieces = max(1, round(max(abs(x2 - x1), abs(y2 - y1)) / 8))
        for i in range(pieces + 1):
            x, y = x1 + (x2 - x1) * i / pieces, y1 + (y2 - y1) * i / pieces
            boxes.append((x - 2, y - 2, x + 2, y + 2))
    return boxes
