"""The change of GAP by each step of the workflow."""

from collections.abc import Mapping
from dataclasses import dataclass

from yt8m.report.choices import choices
from yt8m.report.content import Content, Ensemble, Graph, Model
from yt8m.report.noise import Confidence, Difference, mean_of, with_limits
from yt8m.report.number_format import percent, several, signed, size
from yt8m.report.weight_learning import weight_learning

COMPARED = "quantised"
"""The stage at which models are compared: that which is delivered."""


@dataclass(frozen=True)
class Change:
    """A model's GAP after a step, what it is compared with, and GAP after minus GAP before."""

    name: str
    before: float
    after: float
    difference: Difference


@dataclass(frozen=True)
class Combined:
    """An ensemble's GAP and those of its members (model -> GAP at the ensemble's stage).

    differences: model -> GAP of the ensemble minus that of the member.
    """

    ensemble: Ensemble
    gap: float
    members: Mapping[str, float]
    differences: Mapping[str, Difference]

    @property
    def best(self) -> str:
        """The member with the highest GAP."""
        return max(self.members, key=self.members.__getitem__)

    @property
    def mean(self) -> float:
        """Mean GAP of the members."""
        return sum(self.members.values()) / len(self.members)

    @property
    def against_best(self) -> Difference:
        """GAP minus that of the best member."""
        return self.differences[self.best]

    @property
    def against_mean(self) -> Difference:
        """GAP minus the mean of the members."""
        return mean_of(list(self.differences.values()))


def findings(content: Content) -> list[str]:
    """A sentence per step of this run, generated from its numbers."""
    sentences = [_averaging(content), _quantisation(content)]
    sentences += [*choices(content), _combining(content)]
    return sentences + weight_learning(content) + _distillation(content)


def stage_changes(content: Content, before: str, after: str) -> list[Change]:
    """Each model's GAP at one stage and at a later one."""
    return [
        _change(content, m.name, m.stages[before], m.stages[after]) for m in content.models.values()
    ]


def against_teacher(content: Content) -> list[Change]:
    """Each student's GAP against its teacher's."""
    return [
        _change(content, m.name, content.ensembles[m.config.teacher], m.stages[COMPARED])
        for m in content.students
    ]


def against_base(content: Content) -> list[Change]:
    """Each student's GAP against that of its base model, if there is one."""
    return [
        _change(content, student.name, base.stages[COMPARED], student.stages[COMPARED])
        for student in content.students
        if (base := base_of(content, student))
    ]


def combined(content: Content) -> list[Combined]:
    """Each ensemble with its members, if these are models of this run."""
    return [
        _combined(content, ensemble) for ensemble in content.ensembles.values() if ensemble.stages
    ]


def mean_change(changes: list[Change]) -> Difference:
    """The mean of the differences of several changes, one or more."""
    return mean_of([change.difference for change in changes])


def summarised(changes: list[Change], confidence: Confidence) -> str:
    """`by +0.0041 [+0.0012, +0.0081] (mean of 5 models; best +0.0090 dbof, worst ...)`."""
    mean = with_limits(mean_change(changes), confidence)
    if len(changes) == 1:
        return f"by {mean} ({changes[0].name})"
    best = max(changes, key=lambda change: change.difference.value)
    worst = min(changes, key=lambda change: change.difference.value)
    return (
        f"by {mean} (mean of "
        f"{several(len(changes), 'model')}; best {signed(best.difference.value)} {best.name}, "
        f"worst {signed(worst.difference.value)} {worst.name})"
    )


def base_of(content: Content, student: Model) -> Model | None:
    """The model with the student's recipe, and preferably its training settings, but no teacher."""
    bases = [m for m in content.models.values() if m.config.teacher is None]
    same = [m for m in bases if m.config.recipe == student.config.recipe]
    alike = [m for m in same if m.config.training == student.config.training]
    return next(iter(alike or same), None)


def _change(content: Content, name: str, before: Graph, after: Graph) -> Change:
    difference = content.difference(after, before)
    return Change(name, content.gap(before), content.gap(after), difference)


def _combined(content: Content, ensemble: Ensemble) -> Combined:
    members = {m: content.models[m].stages[stage] for m, stage in ensemble.stages.items()}
    return Combined(
        ensemble,
        content.gap(ensemble),
        {m: content.gap(member) for m, member in members.items()},
        {m: content.difference(ensemble, member) for m, member in members.items()},
    )


def _averaging(content: Content) -> str:
    changes = stage_changes(content, "trained", "ema")
    ways = sorted({model.config.ema.average for model in content.models.values()})
    how = {"exponential": "EMA", "equal": "equal mean"}
    words = " or ".join(how[way] for way in reversed(ways))
    return f"Averaging the weights ({words}) changed GAP {summarised(changes, content.confidence)}."


def _quantisation(content: Content) -> str:
    changes = stage_changes(content, "ema", "quantised")
    before, after = (
        sum(m.stages[stage].size_bytes for m in content.models.values())
        for stage in ("ema", "quantised")
    )
    return (
        f"Quantisation changed GAP {summarised(changes, content.confidence)}, and reduced the "
        f"weights of all models from {size(before)} to {size(after)} ({percent(after / before)})."
    )


def _combining(content: Content) -> str:
    words = (_combined_words(found, content.confidence) for found in combined(content))
    return f"Combining: {'; '.join(words)}."


def _combined_words(found: Combined, confidence: Confidence) -> str:
    name, best = found.ensemble.name, found.best
    difference = with_limits(found.against_best, confidence)
    if len(found.members) == 1:
        return f"{name} has one member, {best} ({difference})"
    return (
        f"{name}: GAP {difference} against its best member, {best}, and "
        f"{with_limits(found.against_mean, confidence)} against the mean of its "
        f"{several(len(found.members), 'member')}"
    )


def _distillation(content: Content) -> list[str]:
    """Students against their teacher, and against their base model."""
    behind, ahead = against_teacher(content), against_base(content)
    if not behind:
        return []
    first = f"Students differ from their teacher in GAP {summarised(behind, content.confidence)}."
    if not ahead:
        return [
            first,
            "No model without a teacher has a student's recipe, so the effect of distillation "
            "cannot be separated from that of the recipe.",
        ]
    return [
        first,
        "Against the model of the same recipe that learned from labels alone, distillation changed "
        f"GAP {summarised(ahead, content.confidence)}.",
    ]
