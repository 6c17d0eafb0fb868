"""Models that differ in nothing but the seed of training: means and standard deviations of GAP."""

import statistics
from collections.abc import Sequence

from yt8m.config.repeated import repetitions
from yt8m.report.content import Content
from yt8m.report.number_format import listed, metric, several
from yt8m.report.tables import Cell, Row, Table, names, numbers
from yt8m.workflow.layout import STAGES

NAMED = 5
"""Most groups whose deviations a sentence gives one by one."""


def repetitions_table(content: Content) -> Table | None:
    """A row per group of repetitions, with mean and standard deviation of GAP at each stage.

    None if no model is repeated.
    """
    groups = _groups(content)
    if not groups:
        return None
    rows = []
    for name, members in groups.items():
        cells = [Cell(name, note=", ".join(members)), Cell(str(len(members)))]
        for stage in STAGES:
            gaps = _gaps(content, members, stage)
            cells += [Cell(metric(statistics.mean(gaps))), Cell(metric(statistics.stdev(gaps)))]
        rows.append(Row(cells))
    titles = [title for stage in STAGES for title in (stage, "standard deviation")]
    return Table([*names("model"), *numbers("seeds", *titles)], rows)


def seeds_finding(content: Content) -> str:
    """How much seeds change GAP, next to intervals that do not cover it; "" without repetitions."""
    groups = _groups(content)
    if not groups:
        return ""
    spreads = {
        name: statistics.stdev(_gaps(content, members, STAGES[-1]))
        for name, members in groups.items()
    }
    found = [
        f"{metric(spread)} ({name}, {several(len(groups[name]), 'seed')})"
        for name, spread in spreads.items()
    ]
    if len(found) > NAMED:
        low, middle, high = (of(spreads.values()) for of in (min, statistics.median, max))
        found = [f"{metric(low)} to {metric(high)} (median {metric(middle)})"]
    return (
        f"Another seed alone changes GAP at the {STAGES[-1]} stage with a standard deviation of "
        f"{listed(found)}, which the intervals do not cover: compare differences between settings "
        "with it, too."
    )


def _groups(content: Content) -> dict[str, tuple[str, ...]]:
    return repetitions({name: model.config for name, model in content.models.items()})


def _gaps(content: Content, members: Sequence[str], stage: str) -> list[float]:
    return [content.gap(content.models[member].stages[stage]) for member in members]
