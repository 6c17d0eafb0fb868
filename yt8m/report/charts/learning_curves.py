"""Learning curves over the videos seen: loss and GAP of training batches, and of validation."""

from collections.abc import Iterator
from dataclasses import replace

import altair as alt
import numpy as np
from markupsafe import Markup

from yt8m.report.charts.axes import close_scale, count_axis, exactly, log_scale, named
from yt8m.report.charts.embedding import element, inline
from yt8m.report.charts.interaction import choice, faded_unless, zoom
from yt8m.report.charts.theme import legend, model_scale
from yt8m.report.content import Content, Model
from yt8m.report.files import Curve, History
from yt8m.workflow.layout import FITTED

HEIGHT = 280
POINTS = 60
"""Most points of a curve; neighbouring rows are averaged."""

DASHES = {"trained": [1, 0], "ema": [5, 4]}
POSITIVE = alt.Scale(domainMin=0, padding=8, nice=False)


def learning_curves(content: Content) -> list[Markup]:
    """A figure of the loss and one of GAP, with a line per model and stage; then of validation."""
    curves = [row for model in content.models.values() for row in _batches(model)]
    found = [
        _figure(content, curves, "loss", "loss (log scale)", log_scale(8)),
        _figure(content, curves, "gap", "GAP while training", POSITIVE),
    ]
    measured = [row for model in content.models.values() for row in _validation(model)]
    if not measured:
        return found
    return [
        *found,
        _figure(content, measured, "loss", "validation loss (log scale)", log_scale(8)),
        _figure(content, measured, "gap", "validation GAP", POSITIVE),
    ]


def _figure(
    content: Content, curves: list[dict], measure: str, title: str, scale: alt.Scale
) -> Markup:
    model, stage = choice("model"), choice("stage")
    x = alt.X(
        "videos:Q",
        scale=close_scale(4),
        axis=count_axis("videos seen"),
    )
    y = alt.Y(f"{measure}:Q", scale=scale, title=title, axis=alt.Axis(tickCount=5))
    colours = alt.Color("model:N", scale=model_scale(content.models), legend=legend(content.models))
    dashes = alt.StrokeDash(
        "stage:N",
        scale=alt.Scale(domain=list(DASHES), range=list(DASHES.values())),
        legend=legend(DASHES),
    )
    lines = (
        alt.Chart(name="curves")
        .mark_line()
        .encode(
            x=x,
            y=y,
            color=colours,
            strokeDash=dashes,
            opacity=faded_unless(model, stage),
        )
        .add_params(zoom(), model, stage)
    )
    points = (
        alt.Chart(name="points")
        .mark_point(size=45)
        .encode(
            x=x,
            y=y,
            color=colours,
            opacity=faded_unless(model, stage, opacity=0.01),
            tooltip=[
                named("model", "model"),
                named("stage", "stage"),
                exactly("videos", "videos seen", ","),
                exactly(measure, "GAP" if measure == "gap" else measure, ".4~g"),
            ],
        )
    )
    words = ("model", "stage", "videos", measure)
    layers = [lines, points]
    if any("kept" in row for row in curves):
        words = (*words, "kept")
        kept = points.mark_point(size=90, shape="diamond").encode(
            opacity=faded_unless(model, stage)
        )
        layers.append(kept.transform_filter("datum.kept == 1").properties(name="kept"))
    rows = [{word: row[word] for word in words} for row in curves]
    chart = alt.layer(*layers, data=inline(rows))
    chart = chart.properties(width="container", height=HEIGHT)
    return element(chart, f"{title} of each model over the videos seen")


def _batches(model: Model) -> list[dict]:
    """Thinned curves of training batches."""
    return [
        {"model": model.name, "stage": stage, **row}
        for stage, start, history in _stages(model)
        for row in _rows(thinned(history.batches, start))
    ]


def _validation(model: Model) -> list[dict]:
    """All measurements on another split. kept: 1 for that of the weights that were kept, else 0."""
    found = []
    for stage, start, history in _stages(model):
        curve = history.validation
        if curve is not None:
            kept = kept_place(model, curve)
            rows = _rows(replace(curve, videos=curve.videos + start))
            rows = [{**row, "kept": int(place == kept)} for place, row in enumerate(rows)]
            found += [{"model": model.name, "stage": stage, **row} for row in rows]
    return found


def kept_place(model: Model, curve: Curve) -> int:
    """The index of the measurement of the weights that a stage resulted in."""
    validate = model.config.training.validate
    best = validate is not None and validate.keep == "best"
    return int(curve.gap.argmax()) if best else len(curve.gap) - 1


def _stages(model: Model) -> Iterator[tuple[str, float, History]]:
    """Stage, videos before it, and its history; later stages start where the earlier ones ended."""
    start = 0.0
    for stage in FITTED:
        history = model.histories[stage]
        yield stage, start, history
        start += float(history.batches.videos[-1])


def _rows(curve: Curve) -> list[dict]:
    columns = zip(curve.videos, curve.loss, curve.gap, strict=True)
    return [
        {"videos": round(videos), "loss": float(f"{loss:.4g}"), "gap": round(gap, 4)}
        for videos, loss, gap in columns
    ]


def thinned(curve: Curve, start: float) -> Curve:
    """Means of neighbouring rows, so that at most `POINTS` remain."""
    pieces = min(POINTS, len(curve.videos))
    videos, loss, gap = (
        np.array([piece.mean() for piece in np.array_split(values, pieces)])
        for values in (curve.videos, curve.loss, curve.gap)
    )
    return Curve(videos + start, np.maximum(loss, 1e-6), gap)
