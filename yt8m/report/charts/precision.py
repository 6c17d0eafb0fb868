"""The figure of each class's average precision over its positives."""

import altair as alt
import numpy as np
from markupsafe import Markup

from yt8m.report.charts.axes import (
    count_axis,
    exactly,
    log_scale,
    named,
    share_axis,
    share_scale,
)
from yt8m.report.charts.embedding import element, inline
from yt8m.report.charts.interaction import choice, faded_unless, zoom
from yt8m.report.charts.theme import colour, legend
from yt8m.report.content import Content
from yt8m.report.files import Classes

HEIGHT = 340


def precision_by_positives(content: Content) -> Markup:
    """A dot per class as the final ensemble predicts it, and lines of the means of groups."""
    graph = choice("graph")
    x = alt.X(
        "positives:Q",
        scale=log_scale(10),
        axis=count_axis(f"positives in {content.split} (log scale)"),
    )
    y = alt.Y(
        "precision:Q",
        scale=share_scale(),
        axis=share_axis(),
        title="average precision",
    )
    names = list(content.classes)
    hues = [colour("final" if name == content.final.name else "group") for name in names]
    cloud = (
        alt.Chart(inline(_dots(content.classes[content.final.name])), name="cloud")
        .mark_point(size=24, color=colour("soft"), opacity=0.4, aria=False)
        .encode(
            x=x,
            y=y,
            tooltip=[
                named("name", "class"),
                exactly("class", "number", "d"),
                exactly("positives", "positives", ","),
                exactly("precision", "average precision"),
            ],
        )
        .add_params(zoom())
    )
    means = [row for name, classes in content.classes.items() for row in _means(name, classes)]
    lines = (
        alt.Chart(inline(means), name="means")
        .mark_line(strokeWidth=2.5, point={"size": 50, "filled": True})
        .encode(
            x=x,
            y=y,
            color=alt.Color(
                "graph:N", scale=alt.Scale(domain=names, range=hues), legend=legend(names)
            ),
            opacity=faded_unless(graph),
            tooltip=[
                named("graph", "graph"),
                exactly("classes", "classes", ","),
                exactly("positives", "mean positives", ".4~g"),
                exactly("precision", "mean precision"),
            ],
        )
        .add_params(graph)
    )
    chart = alt.layer(cloud, lines).properties(width="container", height=HEIGHT)
    return element(chart, "Average precision against positives of each class")


def _dots(classes: Classes) -> list[dict]:
    return [
        {
            "class": int(number),
            "name": classes.names[number],
            "positives": int(classes.positives[number]),
            "precision": round(float(classes.average_precision[number]), 4),
        }
        for number in np.flatnonzero(classes.positives > 0)
    ]


def _means(name: str, classes: Classes) -> list[dict]:
    """Geometric mean of positives and mean precision of the classes within each power of two."""
    seen = classes.positives > 0
    positives, precision = classes.positives[seen], classes.average_precision[seen]
    groups = np.floor(np.log2(positives)).astype(int)
    return [
        {
            "graph": name,
            "classes": int(chosen.sum()),
            "positives": round(float(np.exp(np.log(positives[chosen]).mean())), 2),
            "precision": round(float(precision[chosen].mean()), 4),
        }
        for chosen in (groups == g for g in np.unique(groups))
    ]
