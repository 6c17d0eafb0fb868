"""The main table: the metrics and the size of every graph."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from yt8m.report.content import Content, Ensemble, Graph, Model
from yt8m.report.number_format import count, listed, metric
from yt8m.report.tables import Cell, Column, Row, Table, numbers, words

MEASURES = ("gap", "map", "perr", "hit_at_one", "loss")
TITLES = ("GAP", "MAP", "PERR", "Hit@1", "loss")


@dataclass(frozen=True)
class _Line:
    """One graph before formatting; the `first` of a model's stages has the shared cells."""

    graph: Graph
    names: list[Cell | None]
    stage: str
    parameters: int
    mark: str


def headline(content: Content, split: str) -> Table:
    """A row per ensemble and per stage of each model; the best value of a column is marked."""
    lines = [_ensemble_line(content, e) for e in _ensembles_in_order(content)]
    for model in content.models.values():
        lines += _model_lines(content, model)
    best = {m: _best([line.graph.measures[split][m] for line in lines], m) for m in MEASURES}
    smallest = min(line.graph.size_bytes for line in lines)
    rows = [Row(_cells(line, split, best, smallest), line.mark) for line in lines]
    return Table([*words("graph", "kind", "role", "stage"), *_number_columns()], rows)


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
    """The role of a model: its teacher, and the ensembles that it is a member of."""
    parts = [f"student of {model.config.teacher}"] if model.config.teacher else []
    inside = [e.name for e in content.ensembles.values() if model.name in e.stages]
    if inside:
        parts.append(f"member of {listed(inside)}")
    return ", ".join(parts) or "not in an ensemble"


def ensemble_role(content: Content, ensemble: Ensemble) -> str:
    """Whether an ensemble is the final one, a teacher, or both."""
    taught = [m for m in content.models.values() if m.config.teacher == ensemble.name]
    parts = ["final"] if ensemble.name == content.final.name else []
    return " and ".join([*parts, *(["teacher"] if taught else [])]) or "ensemble"


def _ensembles_in_order(content: Content) -> list[Ensemble]:
    others = [e for e in content.ensembles.values() if e.name != content.final.name]
    return [content.final, *others]


def _ensemble_line(content: Content, ensemble: Ensemble) -> _Line:
    members = f"ensemble of {len(ensemble.members)}"
    names = [
        Cell(ensemble.name, mark="name"),
        Cell(members, note=", ".join(f"{w:g} {name}" for name, w in ensemble.members.items())),
        Cell(ensemble_role(content, ensemble)),
    ]
    stages = listed(sorted(set(ensemble.stages.values()))) or "imported"
    stages = f"{stages}, then compressed" if ensemble.plan else stages
    final = ensemble.name == content.final.name
    return _Line(ensemble, names, stages, ensemble.parameters, "final" if final else "first")


def _model_lines(content: Content, model: Model) -> list[_Line]:
    spanning = [model.name, model.kind, role(content, model)]
    marks = ("name", "", "wrap")
    cells = [
        Cell(words, rows=len(model.stages), mark=mark)
        for words, mark in zip(spanning, marks, strict=True)
    ]
    lines = []
    for stage, graph in model.stages.items():
        first = not lines
        names = cells if first else [None] * len(cells)
        lines.append(_Line(graph, names, stage, model.parameters, "first" if first else ""))
    return lines


def _number_columns() -> list[Column]:
    columns = [Column(t, note="lower is better" if t == "loss" else "") for t in TITLES]
    return [*columns, *numbers("bytes", "parameters")]


def _best(values: list[float | None], measure: str) -> float | None:
    found = [v for v in values if v is not None]
    chosen: Callable = min if measure == "loss" else max
    return chosen(found, default=None)


def _cells(
    line: _Line, split: str, best: dict[str, float | None], smallest: int
) -> list[Cell | None]:
    measures = line.graph.measures[split]
    cells: list[Cell | None] = [*line.names, Cell(line.stage, mark=f"stage {line.stage}")]
    for name in MEASURES:
        value = measures[name]
        is_best = value is not None and value == best[name]
        cell = Cell(metric(value), note="" if value is None else repr(value))
        if name == "gap":
            cell = replace(cell, bar=max(0.0, min(1.0, value)))
        cells.append(replace(cell, mark="best" if is_best else ""))
    size = line.graph.size_bytes
    cells.append(Cell(count(size), mark="best" if size == smallest else ""))
    return [*cells, Cell(count(line.parameters))]
