"""What thresholds give, and how reliable the final ensemble's probabilities are."""

import numpy as np
from markupsafe import Markup

from yt8m.calibration.reliability import GROUPS
from yt8m.calibration.summary_files import reliability_in
from yt8m.report.content import Calibration
from yt8m.report.drawing.axes import Panel, Scale
from yt8m.report.drawing.marks import SHAPES
from yt8m.report.drawing.svg import figure, group, line, mark, polyline
from yt8m.report.number_format import count, metric, percent, several

WIDTH, HEIGHT = 420, 400


def thresholds_summary(calibration: Calibration) -> str:
    """How thresholds were chosen and what they give, in a few sentences."""
    found = calibration
    by = "the best F1"
    if found["precision"] is not None:
        by = f"the lowest threshold with a precision of {percent(found['precision'])}"
    f1, half = found["f1"], found["f1_at_one_half"]
    never = found["never_decided"]
    parts = [
        "A video gets a class's label if the probability reaches the class's threshold "
        f"(thresholds.csv). Thresholds are chosen by {by} on {found['split']}: for "
        f"{several(found['own_thresholds'], 'class')} each on its own, for those with fewer than "
        f"{found['min_positives']} positives on all classes pooled.",
        f" F1 is {metric(f1['micro'])} over all decisions (at 0.5 for all classes "
        f"{metric(half['micro'])}) and {metric(f1['macro'])} as the mean of the "
        f"{several(found['classes_with_positives'], 'class')} with positives "
        f"({metric(half['macro'])}); on other videos it is lower.",
        f" {several(never, 'class')} reach this precision nowhere and are never decided."
        if never
        else "",
    ]
    return "".join(parts)


def reliability_summary(calibration: Calibration) -> str:
    """The expected calibration error."""
    above = calibration["calibration_error_above_lowest"]
    more = "" if above is None else f"; over those of at least {1 / GROUPS:g} it is {metric(above)}"
    return (
        f"The expected calibration error is {calibration['calibration_error']:.5f} over all pairs "
        f"of video and class, most of which have a probability near 0{more}."
    )


def reliability_figure(calibration: Calibration) -> Markup:
    """Share of pairs that have the label over their mean probability, by group."""
    curve = reliability_in(calibration)
    panel = Panel(Scale(0, 1, 52, WIDTH - 20), Scale(0, 1, HEIGHT - 52, 40), _tick, _tick)
    points, marks = [], []
    for place in np.flatnonzero(curve.pairs):
        share = float(curve.share[place])
        at = panel.at(float(curve.probability[place]), share)
        said = (
            f"{several(int(curve.pairs[place]), 'pair')} from {place / GROUPS:g} to "
            f"{(place + 1) / GROUPS:g}: {count(int(curve.positives[place]))} have the label, "
            f"{percent(share)}"
        )
        points.append(at)
        marks.append(group(mark(SHAPES["trained"], *at, 4.0, "mark quantised"), note=said))
    parts = [
        panel.draw("mean probability", "share that has the label"),
        line(*panel.at(0, 0), *panel.at(1, 1), "boundary"),
        polyline(points, "curve final"),
        *marks,
    ]
    return figure(WIDTH, HEIGHT, "Share of pairs with the label by probability", *parts)


def _tick(value: float) -> str:
    return f"{value:.1f}"
