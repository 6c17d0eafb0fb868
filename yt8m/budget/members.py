"""Compression of an ensemble's members by a plan."""

import hashlib
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from yt8m.artefacts import SIZES, WEIGHTS
from yt8m.budget.batch_norm import estimate_statistics
from yt8m.budget.fitting import stored_by
from yt8m.budget.measuring import sample
from yt8m.budget.plan import Plan
from yt8m.budget.predictor import Predictor
from yt8m.compression.plan import Weights, dequantise_weights
from yt8m.compression.sizes import format_size_table, size_table
from yt8m.config.compression import Recovery
from yt8m.config.model import ModelConfig
from yt8m.data.manifest import Manifest
from yt8m.data.records import Records
from yt8m.json_files import write_json
from yt8m.locks import locked, locked_results
from yt8m.origins import check_config, derived_from, weights_file
from yt8m.recipes import as_entry, recipe_modules
from yt8m.serving.member import load_member
from yt8m.sources import digest_of
from yt8m.state import remove_states, state_key
from yt8m.training.run import fine_tune
from yt8m.weights import load_weights, save_weights

CODES, TRAINING = "codes", "training"
"""Folders of state."""


@dataclass(frozen=True)
class TrainingData:
    """Training data for the recovery of a compressed member.

    config: of the model. records: the training split. soft_labels: of its teacher, if any.
    state: folder for the state that an interrupted run resumes from, saved every `state_seconds`.
    """

    config: ModelConfig
    records: Manifest
    state: Path
    soft_labels: Manifest | None = None
    state_seconds: float = 600.0


def compress_member(
    plan: Plan,
    stage: Path,
    out: Path,
    batch_size: int,
    recovery: Recovery | None = None,
    training_data: TrainingData | None = None,
) -> str:
    """Write `out/weights.safetensors` and `out/sizes.json`: a member encoded by the plan.

    stage: folder of the weights that the plan was made for. recovery: what to do for the member
        after compression, with `training_data`.

    Returns the table of sizes as text. Raises ArtefactError for other weights, LockError while
    another process has `out` or the state.
    """
    with ExitStack() as locks:
        if training_data:
            locks.enter_context(locked(training_data.state, training_data.state))
        locks.enter_context(locked_results(out))
        return _compress_member(plan, stage, out, batch_size, recovery, training_data)


def _compress_member(
    plan: Plan,
    stage: Path,
    out: Path,
    batch_size: int,
    recovery: Recovery | None,
    training_data: TrainingData | None,
) -> str:
    member = load_member(stage)
    stored: Weights = stored_by(plan, member)
    words = {"stage": "compressed", "plan": plan.digest_of(member.name)}
    if training_data:
        check_config(weights_file(stage), member.header, training_data.config, "the config")
    header = derived_from(member.header, member.digest, **words)
    if training_data and recovery and recovery.epochs:
        stored = _fine_tuned(header, stored, recovery, training_data)
    if training_data and recovery and recovery.batch_norm_videos:
        batches = sample(Records(training_data.records), recovery.batch_norm_videos, batch_size)
        stored |= estimate_statistics(Predictor(member), dequantise_weights(stored), batches)
    rows = size_table(dequantise_weights(member.stored), stored)
    write_json(out / SIZES, [asdict(row) for row in rows])
    save_weights(out / WEIGHTS, stored, header)
    if training_data:
        remove_states(training_data.state, CODES, TRAINING)
    return format_size_table(rows)


def _fine_tuned(
    header: dict[str, Any], stored: Weights, recovery: Recovery, training_data: TrainingData
) -> Weights:
    """The same codes, with fine-tuned codebooks and float32 variables."""
    before = training_data.state / CODES / WEIGHTS
    save_weights(before, stored, header)
    after = training_data.state / _key(before, recovery, training_data)
    if not (after / WEIGHTS).exists():
        fine_tune(
            training_data.config,
            before,
            recovery,
            training_data.records,
            after,
            training_data.state / TRAINING,
            training_data.soft_labels,
            training_data.state_seconds,
        )
    return load_weights(after / WEIGHTS, kind="weights")[0]


def _key(codes: Path, recovery: Recovery, training_data: TrainingData) -> str:
    """Name of the saved state, derived from everything that the result depends on."""
    soft_labels = training_data.soft_labels.shards if training_data.soft_labels else ()
    return state_key(
        hashlib.sha256(codes.read_bytes()).hexdigest(),
        as_entry(recovery),
        training_data.config.entry("trained"),
        [shard.content for shard in (*training_data.records.shards, *soft_labels)],
        digest_of("yt8m.training.run", *recipe_modules(training_data.config.recipe)),
    )
