"""The whole comparison of any number of runs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from yt8m.comparison.effects import Effect, effects
from yt8m.comparison.graphs import Graph, LeftOut
from yt8m.comparison.matching import each_once, on_same_records
from yt8m.comparison.reading import read_graphs
from yt8m.comparison.resamples import Resampling, resampled
from yt8m.comparison.rows import Row, differing_settings, find_reference, rows_of
from yt8m.comparison.runs import Run, common_split, labelled, read_run
from yt8m.comparison.settings import with_teachers_told_apart
from yt8m.errors import ArtefactError


@dataclass(frozen=True)
class Choice:
    """What to compare: see the options of `yt8m compare`."""

    split: str | None = None
    stage: str = "last"
    only: tuple[str, ...] = ()
    reference: str | None = None
    each_seed: bool = False
    how: Resampling = Resampling()


@dataclass(frozen=True)
class Comparison:
    """Rows with the highest GAP first, what differs between them, and what is not compared.

    settings: dotted path -> value in each row, of the settings that differ. chosen: whether the
    reference was chosen by name; else it is the best row.
    """

    split: str
    runs: tuple[str, ...]
    rows: Sequence[Row]
    reference: Row
    chosen: bool
    settings: Mapping[str, list[Any]]
    effects: Sequence[Effect]
    left_out: Sequence[LeftOut]
    how: Resampling

    @property
    def judged(self) -> int:
        """How many differences from the reference have an interval."""
        return sum(row.against is not None and row.against.p is not None for row in self.rows)

    def name(self, graph: Graph) -> str:
        """A graph's name, with that of its run if there are several."""
        return graph.label if len(self.runs) > 1 else graph.name


def compare(folders: Sequence[Path], choice: Choice) -> Comparison:
    """Compare the graphs of runs, by their folders.

    Raises ArtefactError if there is nothing to compare, saying why.
    """
    runs, left_out = _read_runs(folders)
    split = common_split(runs, choice.split)
    graphs: list[Graph] = []
    for run in runs:
        for found in read_graphs(run, split, choice.stage, choice.only):
            (graphs if isinstance(found, Graph) else left_out).append(found)
    _refuse_nothing(graphs, left_out)
    wanted = find_reference(graphs, choice.reference) if choice.reference else None
    graphs, others = on_same_records(with_teachers_told_apart(graphs), wanted)
    stored = [Path(run.layout.resamples(split)) for run in runs]
    graphs, otherwise = each_once(graphs, wanted)
    draws, wrong = resampled(graphs, choice.how, stored)
    graphs = [graph for graph in graphs if graph.label in draws]
    left_out += others + otherwise + wrong
    _refuse_nothing(graphs, left_out)
    if wanted:
        wanted = _once(graphs, wanted)
    rows, reference = rows_of(graphs, draws, choice.how.level, wanted, choice.each_seed)
    settings = differing_settings(rows)
    labels = tuple(run.label for run in runs)
    found = effects(rows, settings)
    return Comparison(
        split, labels, rows, reference, bool(wanted), settings, found, left_out, choice.how
    )


def _read_runs(folders: Sequence[Path]) -> tuple[list[Run], list[LeftOut]]:
    runs, left_out = [], []
    for label, folder in labelled(folders).items():
        try:
            runs.append(read_run(label, folder))
        except ArtefactError as error:
            left_out.append(LeftOut(label, str(error)))
    if not runs:
        raise ArtefactError(left_out[0].reason)
    return runs, left_out


def _refuse_nothing(graphs: Sequence[Graph], left_out: Sequence[LeftOut]) -> None:
    if not graphs and left_out:
        first = left_out[0]
        raise ArtefactError(f"nothing to compare; for one, {first.label}: {first.reason}")
    if not graphs:
        raise ArtefactError("nothing to compare: no graph has such a name")


def _once(graphs: Sequence[Graph], wanted: Graph) -> Graph:
    """The wanted graph among those that are compared, or the one that stands for it."""
    for graph in graphs:
        if wanted.label == graph.label or any(a.startswith(f"{wanted.label} ") for a in graph.also):
            return graph
    raise ArtefactError(f"--reference {wanted.label}: cannot be compared; see its files")
