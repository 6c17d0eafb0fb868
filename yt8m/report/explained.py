"""What the page says about intervals and colours."""

from yt8m.report.content import Content
from yt8m.report.number_format import count, percent


def judgement(content: Content) -> str:
    """How intervals came about, what they cover, and how many differences are judged together."""
    confidence = content.confidence
    if not confidence.differences:
        return (
            "No difference has an interval, since the metrics of single videos were not kept or "
            "are too few, so none is coloured."
        )
    level = percent(confidence.level)
    chance = percent(1 - confidence.level)
    return (
        f"In brackets is the {level} confidence interval of a paired bootstrap, "
        f"{count(confidence.resamples)} resamples of the videos of {content.split}: it covers "
        "which videos were evaluated, and not how another seed of training would come out. "
        "Differences without one are grey. "
        f"The page names {count(confidence.differences)} differences with an interval; a colour "
        f"means that 0 is outside of it and that, by Holm's method, the chance of any wrong colour "
        f"among all of them is below {chance}."
    )
