"""All differences that the page names, which are judged together, and what it says about that."""

from dataclasses import replace

from yt8m.report.budget import trial_differences
from yt8m.report.content import Content
from yt8m.report.noise import Difference, judging
from yt8m.report.number_format import SPACE, count, percent
from yt8m.report.steps import (
    against_base,
    against_teacher,
    combined,
    mean_change,
    stage_changes,
)
from yt8m.report.summary import named_differences


def judged(content: Content, level: float, resamples: int) -> Content:
    """The same content, with all differences that the page names judged together, at a level."""
    return replace(content, confidence=judging(_named(content), level, resamples))


def judgement(content: Content) -> str:
    """How intervals came about, what they cover, and how many differences are judged together."""
    confidence = content.confidence
    if not confidence.differences:
        return (
            "No difference has an interval, since what single videos contribute was not kept, or "
            "the videos are too few; so none is coloured."
        )
    level = f"{100 * confidence.level:g}{SPACE}%"
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


def _named(content: Content) -> list[Difference]:
    of_models = [
        stage_changes(content, "trained", "ema"),
        stage_changes(content, "ema", "quantised"),
        against_teacher(content),
        against_base(content),
    ]
    found = [change.difference for changes in of_models for change in changes]
    found += [mean_change(changes) for changes in of_models if changes]
    for ensemble in combined(content):
        found += [ensemble.against_best, ensemble.against_mean]
    found += trial_differences(content.final).values()
    return found + named_differences(content)
