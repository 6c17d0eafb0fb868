"""The content of the report: models, ensembles and splits, with their metrics."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from yt8m.budget.plan import Plan
from yt8m.choosing.choice import Choice
from yt8m.config.model import ModelConfig
from yt8m.data.manifest import Manifest
from yt8m.frontier.rows import Row
from yt8m.metrics.intervals import Interval
from yt8m.metrics.resample_files import Resampled
from yt8m.outputs.shown_videos import Extremes
from yt8m.recipes import kind_of
from yt8m.report.errors import Errors
from yt8m.report.files import Classes, History
from yt8m.report.noise import Confidence, Difference
from yt8m.workflow.layout import STAGES

Measures = Mapping[str, float | int | None]
Calibration = Mapping[str, Any]
"""The content of a `calibration.json`."""


@dataclass(frozen=True)
class Graph:
    """Anything that predicts: its metrics on each split, and its size on disk.

    resampled: its metrics on resampled videos of the first split, where these were resampled.
    """

    measures: Mapping[str, Measures]
    size_bytes: int
    resampled: Resampled | None = field(default=None, kw_only=True)

    def deviations(self, metric: str) -> np.ndarray | None:
        """How far a metric of each resample is from that of all videos, float64 [R], if known."""
        return None if self.resampled is None else self.resampled[metric]


@dataclass(frozen=True)
class Model:
    """A model: its settings, its three stages and the training history of the first two."""

    config: ModelConfig
    stages: Mapping[str, Graph]
    histories: Mapping[str, History]
    parameters: int

    @property
    def name(self) -> str:
        """Its name in the config."""
        return self.config.name

    @property
    def kind(self) -> str:
        """The file of its recipe."""
        return kind_of(self.config.recipe)


@dataclass(frozen=True)
class Variable:
    """One variable as an ensemble stores it."""

    member: str
    name: str
    shape: tuple[int, ...]
    elements: int
    storage: str
    size_bytes: int


@dataclass(frozen=True)
class Trial:
    """An ensemble stored in another way, within a share of the size with 8 bits for all.

    encoding: "float32", "uniform" (equal bits for all) or "planned". share: None for float32.
    interval: of the difference in GAP from float32; None for float32 or too few videos.
    """

    encoding: str
    share: float | None
    size_bytes: int
    gap: float
    interval: Interval | None = None


@dataclass(frozen=True)
class WeightLearning:
    """How weights of members were learned, and the gain of the learned ones.

    used: whether the learned weights are used. configured: those in the config, model -> weight.
    before, in_sample, out_of_fold: GAP and loss of the configured weights, of the learned ones, and
        of weights learned on the other folds.
    """

    used: bool
    configured: Mapping[str, float]
    before: Measures
    in_sample: Measures
    out_of_fold: Measures
    folds_won: int
    folds: int
    videos: int
    split: str
    objective: str


@dataclass(frozen=True)
class Ensemble(Graph):
    """An ensemble: members (model -> weight), all at one or several stages (model -> stage).

    An imported ensemble has no stages: its members are not models of this run.
    choice: how its members were chosen, if they were.
    weight_learning: the result of `yt8m learn-weights`, if its weights were to be learned.
    plan: how its variables were fitted into its budget, where they were; its members' stages are
    then those that it started from. trials: what they would be worth under other budgets.
    """

    name: str
    members: Mapping[str, float]
    stages: Mapping[str, str]
    variables: Sequence[Variable]
    budget_bytes: int | None
    graph_bytes: int
    parameters: int
    choice: Choice | None = None
    weight_learning: WeightLearning | None = None
    plan: Plan | None = None
    trials: Sequence[Trial] = ()

    @property
    def float32(self) -> Trial | None:
        """The trial that nothing is encoded in, if others were tried."""
        return next((trial for trial in self.trials if trial.encoding == "float32"), None)


@dataclass(frozen=True)
class Content:
    """All content of the page.

    splits: the figures show the first. calibration: of the final ensemble, if thresholds were
        chosen. extremes: videos to show, if the records are of videos that were at hand. errors:
        of the final ensemble, if a split besides the training split is evaluated. classes: of the
        final ensemble and its teacher. class_tables: of all ensembles, and of each model at
        its `held_stage`. run: from `yt8m.provenance`. left_out: number of videos of a user's own
        table that could not be used. confidence: how differences of GAP are judged. frontier:
        models in all encodings, if they were measured.
    """

    title: str
    final: Ensemble
    models: Mapping[str, Model]
    ensembles: Mapping[str, Ensemble]
    splits: tuple[str, ...]
    manifests: Mapping[str, Manifest]
    distilled: Mapping[str, Manifest]
    calibration: Calibration | None
    extremes: Extremes | None
    errors: Errors | None
    classes: Mapping[str, Classes]
    class_tables: Mapping[str, Classes]
    train: str
    run: Mapping[str, Any]
    left_out: int = 0
    confidence: Confidence = Confidence()
    frontier: Sequence[Row] = ()

    @property
    def split(self) -> str:
        """The split that figures and sentences refer to."""
        return self.splits[0]

    @property
    def frontier_split(self) -> str:
        """The split that models in all encodings were evaluated on."""
        return self.run["settings"].get("frontier", {}).get("split") or self.split

    @property
    def predicted(self) -> Sequence[str]:
        """The splits that the final ensemble's predictions are written for."""
        return self.run["settings"]["run"]["predict"]

    @property
    def source(self) -> str:
        """The kind of the source of records: a file in `yt8m.data.sources`, or a module."""
        return self.run["settings"]["dataset"]["source"]["kind"]

    @property
    def teacher(self) -> Ensemble | None:
        """The teacher of the final ensemble's members, if any."""
        return teacher_of(self.final, self.models, self.ensembles)

    @property
    def students(self) -> list[Model]:
        """Models that have a teacher."""
        return [model for model in self.models.values() if model.config.teacher]

    def gap(self, graph: Graph) -> float:
        """GAP on the split."""
        return graph.measures[self.split]["gap"]

    def interval(self, graph: Graph, metric: str = "gap") -> Interval | None:
        """The interval of a graph's metric on the split, if its videos were resampled."""
        value = Difference(graph.measures[self.split][metric], graph.deviations(metric))
        return self.confidence.interval(value)

    def difference(self, after: Graph, before: Graph, metric: str = "gap") -> Difference:
        """A metric of one graph minus that of another, on the split."""
        value = after.measures[self.split][metric] - before.measures[self.split][metric]
        own, other = after.deviations(metric), before.deviations(metric)
        return Difference(value, None if own is None or other is None else own - other)


def held_stage(model: str, ensembles: Sequence[Ensemble]) -> str:
    """The stage at which the first of these ensembles holds a model; the last stage if none does.

    An ensemble with a plan compresses its members from that stage.
    """
    return next((e.stages[model] for e in ensembles if model in e.stages), STAGES[-1])


def teacher_of(
    ensemble: Ensemble, models: Mapping[str, Model], ensembles: Mapping[str, Ensemble]
) -> Ensemble | None:
    """The teacher of the first member that has one."""
    names = [models[member].config.teacher for member in ensemble.members]
    return next((ensembles[name] for name in names if name), None)
