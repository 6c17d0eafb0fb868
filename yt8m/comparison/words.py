"""Sentences of the page of a comparison."""

from yt8m.comparison.comparison import Comparison
from yt8m.report.number_format import count, metric, several


def summary(comparison: Comparison) -> str:
    """What is compared, and the best row."""
    rows, best = comparison.rows, comparison.rows[0]
    graphs = sum(len(row.members) for row in rows)
    runs = len(comparison.runs)
    of_runs = "one run" if runs == 1 else several(runs, "run")
    videos = count(best.first.metrics["videos"])
    text = (
        f"{several(graphs, 'graph')} of {of_runs} on the {videos} videos of {comparison.split}; "
        f"{several(len(comparison.settings), 'setting')} "
        f"{'differs' if len(comparison.settings) == 1 else 'differ'}. "
        f"{comparison.name(best.first)} has the highest GAP, {metric(best.gap)}"
    )
    if best.spread is not None:
        text += f" (mean of {len(best.members)} seeds, standard deviation {best.spread:.4f})"
    return f"{text}."


def judgement(comparison: Comparison) -> str:
    """How differences are judged, and what their intervals do not cover."""
    how, reference = comparison.how, comparison.name(comparison.reference.first)
    if len(comparison.rows) == 1:
        return "There is nothing to compare it with."
    why = "which was chosen" if comparison.chosen else "the best row, which luck helped to be best"
    text = f"Differences are those from {reference}, {why}. "
    if not comparison.judged:
        return text + (
            "None has an interval: graphs were evaluated without keeping what each video "
            "contributes, or on too few videos."
        )
    text += (
        f"Intervals in brackets hold {how.level:.0%} of {how.resamples:,} resamples of the videos, "
        "the same for all rows. A difference is coloured only if 0 is outside and p, adjusted "
        f"to {several(comparison.judged, 'difference')} (Holm's method), is at most "
        f"{1 - how.level:.2g}."
    )
    if any(row.spread is not None for row in comparison.rows):
        text += " ± is the standard deviation over seeds, which intervals over videos do not cover."
    return text
