"""The rows of a comparison: a graph, or all of one setting's seeds, against a reference."""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from yt8m.comparison.graphs import Graph
from yt8m.comparison.matching import repeated_together
from yt8m.comparison.settings import MADE_OF
from yt8m.config.repeated import SEED
from yt8m.data.few_videos import measured_on_few
from yt8m.errors import ArtefactError
from yt8m.metrics.intervals import Interval, adjusted, interval

METRICS = ("gap", "map", "perr", "hit_at_one", "loss")
"""Metrics of a row, as in the metrics files."""


@dataclass(frozen=True)
class Against:
    """A row's GAP minus that of the reference.

    interval: None without what each video contributes. p: adjusted to all rows (Holm, 1979).
    """

    value: float
    interval: Interval | None = None
    p: float | None = None


@dataclass(frozen=True)
class Row:
    """Graphs that differ in their seeds only, one or more, with the means of their numbers.

    members: in order of the seed. metrics: mean of each in `METRICS`. spread: standard deviation of
    GAP over the members; None for one. interval: of GAP, over the choice of videos. against: None
    for the reference itself.
    """

    members: tuple[Graph, ...]
    metrics: Mapping[str, float | None]
    spread: float | None = None
    interval: Interval | None = None
    against: Against | None = None

    @property
    def first(self) -> Graph:
        """The member that the row is named after."""
        return self.members[0]

    @property
    def gap(self) -> float:
        """Mean GAP of the members."""
        return self.metrics["gap"]

    @property
    def size_bytes(self) -> float | None:
        """Mean bytes of the members, if they are known."""
        return mean([graph.size_bytes for graph in self.members])

    @property
    def seconds(self) -> float | None:
        """Mean seconds of training, if they are known."""
        return mean([graph.seconds for graph in self.members])


def mean(values: Sequence[float | None]) -> float | None:
    """The mean; None if any of the values is."""
    return None if None in values else statistics.fmean(values)


def rows_of(
    graphs: Sequence[Graph],
    resampled: Mapping[str, np.ndarray | None],
    level: float,
    reference: Graph | None = None,
    each_seed: bool = False,
) -> tuple[list[Row], Row]:
    """The rows, the highest GAP first, and the one that the others are compared with.

    resampled: label -> resampled GAP. reference: one of the graphs; by default the best row's.
    each_seed: a row for each graph.
    """
    groups = [(graph,) for graph in graphs] if each_seed else repeated_together(graphs)
    draws = {group[0].label: _mean_draws(group, resampled) for group in groups}
    rows = [_row(group, draws[group[0].label], level) for group in groups]
    rows.sort(key=lambda row: -row.gap)
    chosen = rows[0] if reference is None else _row_with(rows, reference)
    return _judged(rows, chosen, draws, level), chosen


def _row_with(rows: Sequence[Row], graph: Graph) -> Row:
    return next(row for row in rows if any(m.label == graph.label for m in row.members))


def _mean_draws(
    group: Sequence[Graph], resampled: Mapping[str, np.ndarray | None]
) -> np.ndarray | None:
    found = [resampled[graph.label] for graph in group]
    if any(each is None for each in found) or measured_on_few(group[0].metrics):
        return None
    return np.mean(found, axis=0)


def _row(group: tuple[Graph, ...], draws: np.ndarray | None, level: float) -> Row:
    metrics = {word: mean([graph.metrics[word] for graph in group]) for word in METRICS}
    spread = statistics.stdev(graph.gap for graph in group) if len(group) > 1 else None
    found = None if draws is None else interval(metrics["gap"], draws, level)
    return Row(group, metrics, spread, found)


def _judged(
    rows: Sequence[Row], reference: Row, draws: Mapping[str, np.ndarray | None], level: float
) -> list[Row]:
    """The rows with their differences from the reference, judged together."""
    of_reference = draws[reference.first.label]
    found: dict[str, Against] = {}
    for row in rows:
        if row is not reference:
            own = draws[row.first.label]
            known = own is not None and of_reference is not None
            value = row.gap - reference.gap
            limits = interval(value, own - of_reference, level) if known else None
            found[row.first.label] = Against(value, limits)
    judged = [label for label, against in found.items() if against.interval]
    p = adjusted([found[label].interval.p for label in judged])
    found |= {n: replace(found[n], p=one) for n, one in zip(judged, p, strict=True)}
    return [replace(row, against=found.get(row.first.label)) for row in rows]


def differing_settings(rows: Sequence[Row]) -> dict[str, list[Any]]:
    """Dotted path -> value in each row, of the settings that are not the same in all that have it.

    A setting that a row does not have is None there. The seed is left out if rows have several.
    """
    hidden = {MADE_OF} | ({SEED} if any(len(row.members) > 1 for row in rows) else set())
    settings = [row.first.settings for row in rows]
    paths = dict.fromkeys(path for found in settings for path in found if path not in hidden)
    differ = [path for path in paths if _differs([s[path] for s in settings if path in s])]
    return {path: [found.get(path) for found in settings] for path in differ}


def _differs(values: Sequence[Any]) -> bool:
    return any(value != values[0] for value in values)


def find_reference(graphs: Sequence[Graph], name: str) -> Graph:
    """The graph of this label or name. Raises ArtefactError if there is none, or several."""
    found = [g for g in graphs if name in (g.label, g.name)]
    if len(found) == 1:
        return found[0]
    if found:
        raise ArtefactError(
            f"--reference {name}: is in several runs; say which, such as {found[0].label}"
        )
    some = ", ".join(graph.label for graph in graphs[:5]) + (", ..." if len(graphs) > 5 else "")
    raise ArtefactError(f"--reference {name}: no such graph is compared; there are {some}")
