"""An ensemble's metrics under other budgets, by a plan and by the original's uniform encoding."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from yt8m.budget.fitting import stored_by
from yt8m.budget.plan import Plan
from yt8m.budget.predictor import Mean, Predictor
from yt8m.compression.plan import (
    MIN_ELEMENTS,
    Weights,
    dequantise_weights,
    quantise_weights,
)
from yt8m.compression.quantisers import uniform
from yt8m.data.records import Records
from yt8m.errors import ArtefactError
from yt8m.metrics.paired import AgainstFirst, Kept, Resampling
from yt8m.outputs.evaluation import evaluate
from yt8m.serving.member import Member, load_member

BITS = range(8, 1, -1)


def sweep(
    plan: Plan,
    stages: Sequence[Path],
    records: Records,
    shares: Sequence[float],
    batch_size: int,
    top_k: int = 20,
    skip_dummies: bool = False,
    resampling: Resampling = Resampling(),  # noqa: B008 (it is frozen)
) -> list[dict[str, Any]]:
    """A row per encoding and budget: `encoding`, `share`, `size_bytes`, `members`, `gap`, `loss`,
    and the `interval` of the difference in GAP from float32; None for float32 or too few videos.

    stages: the members' folders. records: a labelled split.
    shares: budgets, as shares of the size with 8 bits for every variable above 17,000 elements.
        Encodings: "float32", once; "uniform", as in the original, with the most bits that fit each
        budget; "planned", which leaves members out if not all fit. Too small budgets have no row.
    """
    members = {m.name: m for m in map(load_member, stages) if m.name in plan.weights}
    predictors = {name: Predictor(member) for name, member in members.items()}
    whole = _bytes(plan, _same_bits(members, 8))
    against_float32 = AgainstFirst(resampling)

    def row(
        encoding: str, share: float | None, stored: Mapping[str, Weights], chosen: Plan
    ) -> dict[str, Any]:
        values = {name: dequantise_weights(one) for name, one in stored.items()}
        mean = Mean(plan.name, records.schema, predictors, chosen.weights, values)
        kept = Kept()
        result = evaluate(mean, records, batch_size, top_k, skip_dummies, kept=kept).result()
        size_bytes = _bytes(plan, stored)
        print(f"{encoding}: {size_bytes:,} bytes, GAP {result.gap:.4f}", flush=True)
        described = {
            "encoding": encoding,
            "share": share,
            "size_bytes": size_bytes,
            "members": list(stored),
        }
        found = against_float32.interval(result, kept)
        measured = {"gap": result.gap, "loss": result.loss}
        return {**described, **measured, "interval": asdict(found) if found else None}

    rows = [row("float32", None, {n: m.stored for n, m in members.items()}, plan)]
    for share in sorted(shares, reverse=True):
        budget = int(whole * share)
        tried = (_same_bits(members, bits) for bits in BITS)
        if stored := next((s for s in tried if _bytes(plan, s) <= budget), None):
            rows.append(row("uniform", share, stored, plan))
        try:
            chosen = plan.fitting(budget)
        except ArtefactError:
            continue
        stored = {name: stored_by(chosen, members[name]) for name in chosen.weights}
        rows.append(row("planned", share, stored, chosen))
    return rows


def _same_bits(members: Mapping[str, Member], bits: int) -> dict[str, Weights]:
    """As in the original: the same number of bits for all large variables."""
    encoding = uniform.Recipe(bits)
    return {n: quantise_weights(m.stored, encoding, MIN_ELEMENTS) for n, m in members.items()}


def _bytes(plan: Plan, stored: Mapping[str, Weights]) -> int:
    """Bytes on disk of a graph with these members."""
    return plan.bytes_on_disk([value for one in stored.values() for value in one.values()])
