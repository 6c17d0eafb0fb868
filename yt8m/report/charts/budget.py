"""The figure of the final ensemble's GAP under smaller budgets."""

import altair as alt
from markupsafe import Markup

from yt8m.report.charts.axes import bytes_axis, close_scale, exactly, gap_axis, log_scale, named
from yt8m.report.charts.embedding import element, inline
from yt8m.report.charts.interaction import choice, faded_unless, zoom
from yt8m.report.charts.theme import colour, legend
from yt8m.report.content import Ensemble, Trial
from yt8m.report.number_format import size

HEIGHT = 300
LOOKS = {"planned": "final", "uniform": "trained"}
"""Way of storing -> its colour."""


def budget_figure(ensemble: Ensemble, split: str) -> Markup:
    """GAP over bytes, with a line per way; empty if no other budget was tried."""
    trials = [trial for trial in ensemble.trials if trial.encoding in LOOKS]
    if not trials:
        return Markup("")
    stored = choice("stored")
    found = [name for name in LOOKS if name in {trial.encoding for trial in trials}]
    scale = alt.Scale(domain=found, range=[colour(LOOKS[name]) for name in found])
    y = alt.Y("gap:Q", scale=close_scale(), title=f"GAP on {split}", axis=gap_axis(5))
    lines = (
        alt.Chart(inline([_row(trial) for trial in trials]), name="trials")
        .mark_line(point={"size": 80, "filled": True})
        .encode(
            x=alt.X("bytes:Q", scale=log_scale(), axis=bytes_axis()),
            y=y,
            color=alt.Color("stored:N", scale=scale, legend=legend(found)),
            opacity=faded_unless(stored),
            tooltip=[
                named("stored", "stored"),
                exactly("share", "share", "~g"),
                exactly("bytes", "bytes", ","),
                exactly("gap", "GAP"),
            ],
        )
        .add_params(zoom(), stored)
    )
    layers = [*_float32(ensemble, y), lines]
    chart = alt.layer(*layers).properties(width="container", height=HEIGHT)
    return element(chart, f"GAP on {split} of {ensemble.name} under smaller budgets")


def _row(trial: Trial) -> dict:
    numbers = {"share": trial.share, "bytes": trial.size_bytes, "gap": round(trial.gap, 5)}
    return {"stored": trial.encoding, **numbers}


def _float32(ensemble: Ensemble, y: alt.Y) -> list[alt.Chart]:
    """A line at the GAP of the float32 weights."""
    whole = ensemble.float32
    if whole is None:
        return []
    row = {**_row(whole), "words": f"float32, {size(whole.size_bytes)}"}
    data = inline([row])
    rule = (
        alt.Chart(data, name="float32")
        .mark_rule(strokeDash=[2, 3])
        .encode(y=y, tooltip=[exactly("bytes", "float32, bytes", ","), exactly("gap", "GAP")])
    )
    words = (
        alt.Chart(data, name="float32_words")
        .mark_text(color=colour("soft"), align="left", dx=6, dy=-8)
        .encode(x=alt.value(0), y=y, text="words:N")
    )
    return [rule, words]
