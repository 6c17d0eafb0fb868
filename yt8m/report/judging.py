"""All differences that the page names, which are judged together."""

from dataclasses import replace

from yt8m.report.content import Content
from yt8m.report.noise import Difference, judging
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
    return found + named_differences(content)
