"""What thresholds give, and how reliable the final ensemble's probabilities are."""

from yt8m.calibration.reliability import GROUPS
from yt8m.report.content import Calibration
from yt8m.report.number_format import metric, percent, several


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
