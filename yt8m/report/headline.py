"""The main table: the metrics and the size of every graph."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from yt8m.metrics.resample_files import METRICS as RESAMPLED
from yt8m.report.choices import candidate_for, chosen_on
from yt8m.report.content import Content, Ensemble, Graph, Model
from yt8m.report.number_format import count, interval_text, listed, metric
from yt8m.report.tables import Cell, Column, Row, Table, names, numbers, words

SHARES = {"map": "MAP", "perr": "PERR", "hit_at_one": "Hit@1"}
"""The metrics between 0 and 1 besides GAP, with their titles."""


@dataclass(frozen=True)
class _Line:
    """One graph before formatting; the `first` of a model's stages has the shared cells.

    stage: of a model, or those of an ensemble's members.
    """

    graph: Graph
    name: Cell | None
    stage: Cell
    parameters: int
    about: list[Cell | None]
    mark: str


def headline(content: Content, split: str) -> Table:
    """A row per ensemble and per stage of each model, with what matters most on the left.

    Of the metrics between 0 and 1, the best value is marked, and those whose difference from it
    chance can explain, unless that is the whole column.
    """
    lines = [_ensemble_line(content, e, split) for e in _ensembles_in_order(content)]
    for model in content.models.values():
        lines += _model_lines(content, model)
    graphs = [line.graph for line in lines]
    best = {m: _best(content, split, graphs, m) for m in ("gap", *SHARES)}
    smallest = min(graph.size_bytes for graph in graphs)
    rows = [
        Row(_cells(content, line, split, {m: n in best[m] for m in best}, smallest), line.mark)
        for n, line in enumerate(lines)
    ]
    columns = [
        *names("graph"),
        Column("stage", number=False, mark="stage"),
        Column("GAP", mark="gap"),
        *numbers("bytes", *SHARES.values()),
        Column("loss", note="lower is better"),
        *numbers("parameters"),
        Column("kind", number=False, mark="whole"),
        *words("role"),
    ]
    return Table(columns, rows)


def taken_over(content: Content, split: str) -> str:
    """How many classes have no positive, and how many videos no label, if any."""
    measures = content.final.measures[split]
    classes, present = measures["classes"], measures["classes_with_positives"]
    unlabelled = measures["videos_without_labels"]
    parts = []
    if present < classes:
        parts.append(
            f"{count(classes - present)} of {count(classes)} classes have no positive in {split} "
            f"and count as 0 in MAP; over the other {count(present)}, MAP of {content.final.name} "
            f"is {metric(measures['map_present'])}."
        )
    if unlabelled:
        parts.append(
            f"{count(unlabelled)} of {count(measures['videos'])} videos have no label, a miss in "
            "PERR and Hit@1."
        )
    return " ".join(parts)


def role(content: Content, model: Model) -> str:
    """The role of a model: its teacher, and the ensembles that it is or could be a member of."""
    parts = [f"student of {model.config.teacher}"] if model.config.teacher else []
    inside = [e.name for e in content.ensembles.values() if model.name in e.stages]
    if inside:
        parts.append(f"member of {listed(inside)}")
    if tried := [n for n in candidate_for(content, model.name) if n not in inside]:
        parts.append(f"candidate for {listed(tried)}")
    return ", ".join(parts) or "not in an ensemble"


def ensemble_role(content: Content, ensemble: Ensemble) -> str:
    """Whether an ensemble is the final one, a teacher, or both."""
    taught = [m for m in content.models.values() if m.config.teacher == ensemble.name]
    parts = ["final"] if ensemble.name == content.final.name else []
    return " and ".join([*parts, *(["teacher"] if taught else [])]) or "ensemble"


def _ensembles_in_order(content: Content) -> list[Ensemble]:
    others = [e for e in content.ensembles.values() if e.name != content.final.name]
    return [content.final, *others]


def _ensemble_line(content: Content, ensemble: Ensemble, split: str) -> _Line:
    members = ", ".join(f"{w:g} {name}" for name, w in ensemble.members.items())
    roles = [ensemble_role(content, ensemble), chosen_on(ensemble, split)]
    about = [
        Cell(f"ensemble of {len(ensemble.members)}", note=members),
        Cell("; ".join(filter(None, roles))),
    ]
    stages = listed(sorted(set(ensemble.stages.values()))) or "imported"
    stages = f"{stages}, then compressed" if ensemble.plan else stages
    mark = "final" if ensemble.name == content.final.name else "first"
    return _Line(ensemble, Cell(ensemble.name), Cell(stages), ensemble.parameters, about, mark)


def _model_lines(content: Content, model: Model) -> list[_Line]:
    shared = (model.name, model.kind, role(content, model))
    cells = [Cell(text, rows=len(model.stages)) for text in shared]
    lines = []
    for stage, graph in model.stages.items():
        name, *about = [None] * len(cells) if lines else cells
        mark = "" if lines else "first"
        lines.append(_Line(graph, name, Cell(stage, mark=stage), model.parameters, about, mark))
    return lines


def _best(content: Content, split: str, graphs: Sequence[Graph], name: str) -> set[int]:
    """Places of the graph with the best value, and of those that chance alone may put behind it.

    None if these are all graphs. Where videos were not resampled, as for MAP and splits that the
    figures do not show, only equal values are beside the best.
    """
    known = [graph for graph in graphs if graph.measures[split][name] is not None]
    top = max(known, key=lambda graph: graph.measures[split][name])
    found = {n for n, graph in enumerate(graphs) if _is_beside(content, split, graph, top, name)}
    return found if len(found) < len(graphs) else set()


def _is_beside(content: Content, split: str, graph: Graph, top: Graph, name: str) -> bool:
    value = graph.measures[split][name]
    if value is None or value == top.measures[split][name]:
        return value is not None
    if split != content.split or name not in RESAMPLED:
        return False
    found = content.confidence.interval(content.difference(graph, top, name))
    return found is not None and not found.excludes_zero


def _cells(
    content: Content, line: _Line, split: str, best: dict[str, bool], smallest: int
) -> list[Cell | None]:
    measures, size = line.graph.measures[split], line.graph.size_bytes
    gap, *shares = (_share(content, line.graph, split, m, best[m]) for m in best)
    return [
        line.name,
        line.stage,
        replace(gap, bar=max(0.0, min(1.0, measures["gap"]))),
        Cell(count(size), mark="best" if size == smallest else ""),
        *shares,
        Cell(metric(measures["loss"]), note=repr(measures["loss"])),
        Cell(count(line.parameters)),
        *line.about,
    ]


def _share(content: Content, graph: Graph, split: str, name: str, is_best: bool) -> Cell:
    """A metric between 0 and 1, with its interval as a note."""
    value, note = graph.measures[split][name], repr(graph.measures[split][name])
    if split == content.split and name in RESAMPLED:
        interval = content.interval(graph, name)
        note += f" {interval_text(interval)}" if interval else ""
    return Cell(metric(value), note=note, mark="best" if is_best else "")
