"""Learning curves: loss and GAP of each model's training batches over the videos seen."""

import numpy as np
from markupsafe import Markup

from yt8m.report.content import Content, Model
from yt8m.report.drawing.axes import Panel, Scale, scale_around, tick_text
from yt8m.report.drawing.svg import figure, line, polyline, text
from yt8m.report.files import History
from yt8m.report.number_format import short
from yt8m.workflow.layout import FITTED

WIDTH, HEIGHT = 306, 318
POINTS = 60
"""Most points of a curve; neighbouring rows are averaged."""

Curves = dict[str, History]
"""Stage -> its rows; `videos` counts on from stage to stage."""


def learning_curves(content: Content) -> list[Markup]:
    """A small figure per model, all with the same scales."""
    curves = {name: _continued(model) for name, model in content.models.items()}
    every = [history for own in curves.values() for history in own.values()]
    x = Scale(0, max(float(h.videos.max()) for h in every), 46, WIDTH - 14)
    losses = [float(v) for h in every for v in (h.loss.min(), h.loss.max())]
    loss = scale_around([max(v, 1e-6) for v in losses], 148, 56, 0.04, log=True)
    top = max(float(h.gap.max()) for h in every)
    gap = Scale(0, max(top * 1.05, 0.01), 278, 190)
    return [_figure(content.models[name], own, x, loss, gap) for name, own in curves.items()]


def _continued(model: Model) -> Curves:
    """Thinned histories; later stages start where the earlier ones ended."""
    curves, start = {}, 0.0
    for stage in FITTED:
        history = model.histories[stage]
        curves[stage] = _thinned(history, start)
        start += float(history.videos[-1])
    return curves


def _thinned(history: History, start: float) -> History:
    """Means of neighbouring rows, so that at most `POINTS` remain."""
    pieces = min(POINTS, len(history.videos))
    videos, loss, gap = (
        np.array([piece.mean() for piece in np.array_split(values, pieces)])
        for values in (history.videos, history.loss, history.gap)
    )
    return History(videos + start, np.maximum(loss, 1e-6), gap)


def _figure(model: Model, curves: Curves, x: Scale, loss: Scale, gap: Scale) -> Markup:
    above = Panel(x, loss, lambda _: "", short)
    below = Panel(x, gap, short, tick_text(gap, 3))
    parts = [
        text(12, 20, model.name, "panel-title"),
        above.draw("", "loss (log scale)", x_ticks=4, y_ticks=4),
        below.draw("videos seen", "GAP while training", x_ticks=4, y_ticks=3),
    ]
    boundary = x(float(curves["ema"].videos[0]))
    for scale in (loss, gap):
        parts.append(line(boundary, scale.start, boundary, scale.end, "boundary"))
    for stage, history in curves.items():
        for panel, values in ((above, history.loss), (below, history.gap)):
            points = zip(history.videos, values, strict=True)
            parts.append(polyline([panel.at(*point) for point in points], f"curve {stage}"))
    return figure(WIDTH, HEIGHT, f"Learning curves of {model.name}", *parts)
