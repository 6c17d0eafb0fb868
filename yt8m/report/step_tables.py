"""Tables of the changes of GAP by each step."""

from collections.abc import Mapping

from yt8m.report.content import Content
from yt8m.report.noise import Confidence, Difference, limits, look
from yt8m.report.number_format import metric, signed
from yt8m.report.steps import (
    Change,
    against_base,
    against_teacher,
    base_of,
    combined,
    stage_changes,
)
from yt8m.report.tables import Cell, Row, Table, names, numbers, words
from yt8m.report.weight_learning import learning_gain, source_of_weights

NOTHING = Cell("")


def models_table(content: Content) -> Table:
    """GAP of each model by stage, and of students against their teacher and base model."""
    averaged = _by_name(stage_changes(content, "trained", "ema"))
    quantised = _by_name(stage_changes(content, "ema", "quantised"))
    base, teacher = _by_name(against_base(content)), _by_name(against_teacher(content))
    confidence, rows = content.confidence, []
    for name, model in content.models.items():
        cells = [
            Cell(name),
            Cell(metric(averaged[name].before)),
            difference(averaged[name].difference, confidence),
            Cell(metric(averaged[name].after)),
            difference(quantised[name].difference, confidence),
            Cell(metric(quantised[name].after)),
        ]
        if base:
            note = f"against {base_of(content, model).name}" if name in base else ""
            cells.append(_found(base.get(name), confidence, note))
        if teacher:
            note = f"against {model.config.teacher}"
            cells.append(_found(teacher.get(name), confidence, note))
        rows.append(Row(cells))
    titles = ["trained", "averaging", "ema", "quantisation", "quantised"]
    titles += ["against base model"] * bool(base) + ["against teacher"] * bool(teacher)
    return Table([*names("model"), *numbers(*titles)], rows)


def ensembles_table(content: Content) -> Table:
    """GAP of each ensemble against its best member, and against the mean of its members.

    With learned weights, also their gain on held-out videos.
    """
    confidence = content.confidence
    rows, learned = [], any(e.weight_learning for e in content.ensembles.values())
    for found in combined(content):
        best = found.members[found.best]
        cells = [
            Cell(found.ensemble.name),
            Cell(found.best),
            Cell(metric(found.gap)),
            Cell(metric(best)),
            difference(found.against_best, confidence),
            Cell(metric(found.mean)),
            difference(found.against_mean, confidence),
        ]
        if learned:
            gain = learning_gain(found.ensemble)
            note = "on videos held out, against given"
            own = NOTHING if gain is None else difference(gain, confidence, note)
            cells += [Cell(source_of_weights(found.ensemble)), own]
        rows.append(Row(cells))
    titles = ("GAP", "its GAP", "difference", "mean of members", "difference")
    columns = [*names("ensemble"), *words("best member"), *numbers(*titles)]
    if learned:
        columns += [*words("weights"), *numbers("learning")]
    return Table(columns, rows)


def difference(value: Difference, confidence: Confidence, note: str = "") -> Cell:
    """A difference of two GAPs over its interval, coloured by its sign or grey within noise."""
    below = limits(value, confidence)
    return Cell(signed(value.value), note=note, mark=look(value, confidence), below=below)


def _found(change: Change | None, confidence: Confidence, note: str) -> Cell:
    return difference(change.difference, confidence, note) if change else NOTHING


def _by_name(changes: list[Change]) -> Mapping[str, Change]:
    return {change.name: change for change in changes}
