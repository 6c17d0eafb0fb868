"""The change of GAP by each step of the workflow."""

from collections.abc import Mapping
from dataclasses import dataclass

from yt8m.report.choices import choices
from yt8m.report.content import Content, Ensemble, Model
from yt8m.report.noise import caveat
from yt8m.report.number_format import percent, several, signed, size
from yt8m.report.weight_learning import weight_learning

COMPARED = "quantised"
"""The stage at which models are compared: that which is delivered."""


@dataclass(frozen=True)
class Change:
    """A model's GAP after a step, and what it is compared with."""

    name: str
    before: float
    after: float

    @property
    def difference(self) -> float:
        """GAP after minus GAP before."""
        return self.after - self.before


@dataclass(frozen=True)
class Combined:
    """An ensemble's GAP and those of its members (model -> GAP at the ensemble's stage)."""

    ensemble: Ensemble
    gap: float
    members: Mapping[str, float]

    @property
    def best(self) -> str:
        """The member with the highest GAP."""
        return max(self.members, key=self.members.__getitem__)

    @property
    def mean(self) -> float:
        """Mean GAP of the members."""
        return sum(self.members.values()) / len(self.members)


def findings(content: Content) -> list[str]:
    """A sentence per step of this run, generated from its numbers."""
    sentences = [_averaging(content), _quantisation(content)]
    sentences += [*choices(content), _combining(content)]
    return sentences + weight_learning(content) + _distillation(content)


def stage_changes(content: Content, before: str, after: str) -> list[Change]:
    """Each model's GAP at one stage and at a later one."""
    return [
        Change(m.name, content.gap(m.stages[before]), content.gap(m.stages[after]))
        for m in content.models.values()
    ]


def against_teacher(content: Content) -> list[Change]:
    """Each student's GAP against its teacher's."""
    return [
        Change(m.name, content.gap(content.ensembles[m.config.teacher]), _delivered(content, m))
        for m in content.students
    ]


def against_base(content: Content) -> list[Change]:
    """Each student's GAP against that of its base model, if there is one."""
    return [
        Change(student.name, _delivered(content, base), _delivered(content, student))
        for student in content.students
        if (base := base_of(content, student))
    ]


def combined(content: Content) -> list[Combined]:
    """Each ensemble with its members, if these are models of this run."""
    return [
        Combined(
            ensemble,
            content.gap(ensemble),
            {m: content.gap(content.models[m].stages[s]) for m, s in ensemble.stages.items()},
        )
        for ensemble in content.ensembles.values()
        if ensemble.stages
    ]


def summarised(changes: list[Change]) -> str:
    """`by +0.0041 (mean of 5 models; best +0.0090 dbof, worst −0.0012 bilstm)`."""
    mean = sum(change.difference for change in changes) / len(changes)
    if len(changes) == 1:
        return f"by {signed(mean)} ({changes[0].name}){caveat(mean)}"
    best = max(changes, key=lambda change: change.difference)
    worst = min(changes, key=lambda change: change.difference)
    return (
        f"by {signed(mean)}{caveat(mean)} (mean of "
        f"{several(len(changes), 'model')}; best {signed(best.difference)} {best.name}, "
        f"worst {signed(worst.difference)} {worst.name})"
    )


def base_of(content: Content, student: Model) -> Model | None:
    """The model with the student's recipe, and preferably its training settings, but no teacher."""
    bases = [m for m in content.models.values() if m.config.teacher is None]
    same = [m for m in bases if m.config.recipe == student.config.recipe]
    alike = [m for m in same if m.config.training == student.config.training]
    return next(iter(alike or same), None)


def _delivered(content: Content, model: Model) -> float:
    return content.gap(model.stages[COMPARED])


def _averaging(content: Content) -> str:
    changes = stage_changes(content, "trained", "ema")
    ways = sorted({model.config.ema.average for model in content.models.values()})
    how = {"exponential": "EMA", "equal": "equal mean"}
    words = " or ".join(how[way] for way in reversed(ways))
    return f"Averaging the weights ({words}) changed GAP {summarised(changes)}."


def _quantisation(content: Content) -> str:
    changes = stage_changes(content, "ema", "quantised")
    before, after = (
        sum(m.stages[stage].size_bytes for m in content.models.values())
        for stage in ("ema", "quantised")
    )
    return (
        f"Quantisation changed GAP {summarised(changes)}, and reduced the weights of all models "
        "from "
        f"{size(before)} to {size(after)} ({percent(after / before)})."
    )


def _combining(content: Content) -> str:
    return f"Combining: {'; '.join(map(_combined_words, combined(content)))}."


def _combined_words(found: Combined) -> str:
    name, best = found.ensemble.name, found.best
    against_best, against_mean = found.gap - found.members[best], found.gap - found.mean
    difference = f"{signed(against_best)}{caveat(against_best)}"
    if len(found.members) == 1:
        return f"{name} has one member, {best} ({difference})"
    return (
        f"{name}: GAP {difference} against its best member, {best}, and "
        f"{signed(against_mean)}{caveat(against_mean)} against the mean of its "
        f"{several(len(found.members), 'member')}"
    )


def _distillation(content: Content) -> list[str]:
    """Students against their teacher, and against their base model."""
    behind, ahead = against_teacher(content), against_base(content)
    if not behind:
        return []
    first = f"Students differ from their teacher in GAP {summarised(behind)}."
    if not ahead:
        return [
            first,
            "No model without a teacher has a student's recipe, so the effect of distillation "
            "cannot be separated from that of the recipe.",
        ]
    return [
        first,
        "Against the model of the same recipe that learned from labels alone, distillation changed "
        f"GAP {summarised(ahead)}.",
    ]
