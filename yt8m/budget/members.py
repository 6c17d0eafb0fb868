"""An ensemble's members as its plan stores them."""

import hashlib
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from yt8m.artefacts import SIZES, WEIGHTS
from yt8m.atomic import remove
from yt8m.budget.batch_norm import estimate_statistics
from yt8m.budget.fitting import stored_by
from yt8m.budget.measuring import sample
from yt8m.budget.plan import Plan
from yt8m.budget.predictor import Predictor
from yt8m.claims import claimed, claimed_results
from yt8m.compression.plan import Weights, dequantise_weights
from yt8m.compression.sizes import format_size_table, size_table
from yt8m.config.compression import Recovery
from yt8m.config.model import ModelConfig
from yt8m.data.manifest import Manifest
from yt8m.data.records import Records
from yt8m.json_files import write_json
from yt8m.origins import check_config, made_of, weights_file
from yt8m.recipes import as_entry, recipe_modules
from yt8m.serving.member import load_member
from yt8m.sources import digest_of
from yt8m.state import state_key
from yt8m.training.run import finetune
from yt8m.weights import load_weights, save_weights


@dataclass(frozen=True)
class Lessons:
    """What a compressed member recovers with.

    config: of the model. records: the training split. soft_labels: its teacher's predictions.
    state: folder for what a killed run resumes from, saved every `state_seconds`.
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
    lessons: Lessons | None = None,
) -> str:
    """Write `out/weights.safetensors` and `out/sizes.json`: a member as the plan stores it.

    stage: folder of the weights that the plan was made for. recovery: what is done for the member
    afterwards, with `lessons`.

    Returns the table of sizes as text. Raises ArtefactError for other weights, ClaimError while
    another process has `out` or the state.
    """
    with ExitStack() as claims:
        if lessons:
            claims.enter_context(claimed(lessons.state, lessons.state))
        claims.enter_context(claimed_results(out))
        return _compress_member(plan, stage, out, batch_size, recovery, lessons)


def _compress_member(
    plan: Plan,
    stage: Path,
    out: Path,
    batch_size: int,
    recovery: Recovery | None,
    lessons: Lessons | None,
) -> str:
    member = load_member(stage)
    stored: Weights = stored_by(plan, member)
    words = {"stage": "compressed", "plan": plan.digest_of(member.name)}
    if lessons:
        check_config(weights_file(stage), member.header, lessons.config, "the config")
    header = made_of(member.header, member.digest, **words)
    if lessons and recovery and recovery.epochs:
        stored = _tuned(header, stored, recovery, lessons)
    if lessons and recovery and recovery.batch_norm_videos:
        batches = sample(Records(lessons.records), recovery.batch_norm_videos, batch_size)
        stored |= estimate_statistics(Predictor(member), dequantise_weights(stored), batches)
    rows = size_table(dequantise_weights(member.stored), stored)
    write_json(out / SIZES, [asdict(row) for row in rows])
    save_weights(out / WEIGHTS, stored, header)
    if lessons:
        remove(lessons.state)
    return format_size_table(rows)


def _tuned(
    header: dict[str, Any], stored: Weights, recovery: Recovery, lessons: Lessons
) -> Weights:
    """The same codes, with codebooks and float32 variables that learnt on."""
    before = lessons.state / "codes" / WEIGHTS
    save_weights(before, stored, header)
    after = lessons.state / _key(before, recovery, lessons)
    if not (after / WEIGHTS).exists():
        finetune(
            lessons.config,
            before,
            recovery,
            lessons.records,
            after,
            lessons.state / "training",
            lessons.soft_labels,
            lessons.state_seconds,
        )
    return load_weights(after / WEIGHTS, kind="weights")[0]


def _key(codes: Path, recovery: Recovery, lessons: Lessons) -> str:
    """Name of what was learnt: all that decides about it."""
    soft_labels = lessons.soft_labels.shards if lessons.soft_labels else ()
    return state_key(
        hashlib.sha256(codes.read_bytes()).hexdigest(),
        as_entry(recovery),
        lessons.config.entry("trained"),
        [shard.digest for shard in (*lessons.records.shards, *soft_labels)],
        digest_of("yt8m.training.run", *recipe_modules(lessons.config.recipe)),
    )
