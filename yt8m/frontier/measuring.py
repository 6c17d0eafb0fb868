"""Stores a model in several ways, and evaluates each."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from yt8m.budget.encodings import encoding_name
from yt8m.budget.fitting import stored_by
from yt8m.budget.measuring import make_plan
from yt8m.budget.plan import Plan
from yt8m.budget.predictor import Mean, Predictor
from yt8m.compression.plan import Weights, dequantise_weights, quantise_weights
from yt8m.config.frontier import Frontier
from yt8m.config.model import ModelConfig
from yt8m.data.records import Records
from yt8m.errors import ArtefactError
from yt8m.frontier.points import FLOAT32, PLANNED, ModelPoints, Point
from yt8m.origins import check_config, weights_file
from yt8m.outputs.evaluation import evaluate
from yt8m.recipes import as_entry
from yt8m.serving.member import load_member
from yt8m.serving.preprocessing import NOTHING, GivenFiles

NO_LIMIT = 2**62
"""A budget in which everything stays float32."""


@dataclass(frozen=True)
class Evaluation:
    """How each way to store a model is evaluated.

    records: a labelled split. batch_size, top_k, skip_dummies: as in `outputs.evaluation`.
    """

    records: Records
    batch_size: int
    top_k: int = 20
    skip_dummies: bool = False


def measure_points(
    stage: Path,
    config: ModelConfig,
    settings: Frontier,
    planned_on: Records,
    evaluation: Evaluation,
    given: GivenFiles = NOTHING,
) -> ModelPoints:
    """Evaluate a model as float32, in each of `settings.quantisers`, and planned for each budget.

    stage: folder of its float32 weights. config: of the model. planned_on: records on which plans
        are made. given: with projections that its graph would contain.

    Bytes are those of the graph, whose parts besides the variables are measured on two that are
    written: with float32 weights, and with all large variables encoded. So sizes are right up to
    about a kilobyte, by which the nodes that decode a variable differ.
    Raises ArtefactError as `make_plan` does, and for weights made with other settings.
    """
    member = load_member(stage)
    check_config(weights_file(stage), member.header, config, "the config")
    plan = make_plan(
        member.name,
        {stage: 1.0},
        planned_on,
        settings.compress,
        NO_LIMIT,
        evaluation.batch_size,
        given=given,
    )
    predictor = Predictor(member)

    def point(encoding, quantiser, budget_bytes, stored: Weights) -> Point:
        values = {"": dequantise_weights(stored)}
        mean = Mean(encoding, evaluation.records.schema, {"": predictor}, {"": 1.0}, values)
        found = evaluate(
            mean,
            evaluation.records,
            evaluation.batch_size,
            evaluation.top_k,
            evaluation.skip_dummies,
        ).result()
        size_bytes = plan.bytes_on_disk(stored.values())
        print(f"{encoding}: {size_bytes:,} bytes, GAP {found.gap:.4f}", flush=True)
        return Point(encoding, quantiser, budget_bytes, size_bytes, found.gap, found.loss)

    points = [point(FLOAT32, None, None, member.stored)]
    for quantiser in settings.quantisers:
        stored = quantise_weights(member.stored, quantiser, settings.compress.min_elements)
        points.append(point(encoding_name(quantiser), as_entry(quantiser), None, stored))
    for chosen in _plans(plan, settings):
        stored = stored_by(chosen, member)
        points.append(
            point(f"{PLANNED} {chosen.budget_bytes:,}", None, chosen.budget_bytes, stored)
        )
    return ModelPoints(
        model=member.name,
        settings=config.entry(settings.compress.stage),
        stage=settings.compress.stage,
        weights=member.digest,
        split=evaluation.records.manifest.split,
        records=evaluation.records.manifest.digest,
        top_k=evaluation.top_k,
        compress=as_entry(settings.compress),
        points=tuple(points),
    )


def _plans(plan: Plan, settings: Frontier) -> Iterator[Plan]:
    """The plan within each budget that is neither too small nor larger than what float32 takes."""
    for budget in sorted(settings.budgets):
        try:
            chosen = plan.within(budget)
        except ArtefactError:
            continue
        if chosen.coded:
            yield chosen
