"""The cost of each encoding of each variable, in bytes and in expected GAP."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

from yt8m.artefacts import MemberWeights
from yt8m.budget.allocation import Option
from yt8m.budget.encodings import encoding_name
from yt8m.budget.expected_gap import expected_gap
from yt8m.budget.fitting import fitted, stored_by
from yt8m.budget.plan import Absence, Choice, Plan
from yt8m.budget.predictor import Predictor, read
from yt8m.compression.encode import encode
from yt8m.compression.plan import dequantise_weights
from yt8m.compression.storage import Encoded, decode
from yt8m.config.compression import Compression
from yt8m.data.order import epoch_order
from yt8m.data.records import Records
from yt8m.data.schema import Batch
from yt8m.errors import ArtefactError
from yt8m.progress import Progress
from yt8m.protocols import Quantiser
from yt8m.recipes import as_entry
from yt8m.serving.ensemble import with_learned_weights
from yt8m.serving.member import Member, load_member
from yt8m.serving.preprocessing import NOTHING, GivenFiles
from yt8m.serving.raw_features import raw_bytes
from yt8m.training.loop import make_deterministic


def make_plan(
    name: str,
    stages: Mapping[Path, float],
    records: Records,
    settings: Compression,
    budget_bytes: int,
    batch_size: int,
    learned: MemberWeights | None = None,
    decode: str = "at_load",
    given: GivenFiles = NOTHING,
) -> Plan:
    """Measure every encoding of every large variable, and choose within the budget.

    The measured loss is the decrease of the ensemble's expected GAP, one variable at a time; with
    `settings.guide` "labels", of its GAP on the labels of these videos.

    stages: stage folder of float32 weights -> weight in the mean. records: predictions are compared
        on `settings.videos` of them, whose frames are kept in memory as float32. learned: replaces
        the weights of `stages`; a member with weight 0 is left out. decode: as in
        `export_ensemble`. given: with projections that the graph will contain.

    Raises ArtefactError if even the smallest encodings exceed the budget, if members are already
    quantised or were made for other records, or if there are no labels to guide the plan.
    """
    make_deterministic(0)
    found = members = [load_member(stage) for stage in stages]
    weights = list(stages.values())
    if learned is not None:
        members, weights = with_learned_weights(name, members, learned)
    for member in members:
        _check(member, records)
    sampled = sample(records, settings.videos, batch_size)
    batches = [read(batch, records.schema) for batch in sampled]
    predictors = [Predictor(member) for member in members]
    apart = [predictor.all(batches) for predictor in predictors]
    together = _mean(apart, weights)
    truth = together if settings.guide == "predictions" else _labels(name, sampled)
    best = expected_gap(truth, together)

    def lost(after: np.ndarray) -> float:
        return max(best - expected_gap(truth, after), 0.0)  # an improvement is due to chance

    choices: list[Choice] = []
    with Progress(f"measure {name}", "variable", _count(members, settings)) as bar:
        for member, predictor, own, weight in zip(members, predictors, apart, weights, strict=True):
            others = together - weight * own

            def loss(replaced, predictor=predictor, weight=weight, others=others):
                return lost(others + weight * predictor.all(batches, replaced))

            for choice in _choices(member, settings, loss):
                choices.append(choice)
                bar.advance()
    before = given.preprocessing(records.schema)
    plan = Plan(
        name=name,
        budget_bytes=budget_bytes,
        weights={m.name: w for m, w in zip(members, weights, strict=True)},
        absences=_absences([m.name for m in members], apart, weights, lost),
        digests={m.name: m.digest for m in found},
        rest_bytes={m.name: _rest(m, settings) for m in members},
        overhead_bytes=0,
        decoding_bytes=0,
        videos=len(together),
        choices=tuple(choices),
        raw_bytes=raw_bytes(before.projections) if before else 0,
        guide=settings.guide,
    )
    plan = fitted(plan, members, decode, given)
    stored = [dequantise_weights(stored_by(plan, member)) for member in members]
    after = [p.all(batches, values) for p, values in zip(predictors, stored, strict=True)]
    return replace(plan, measured=lost(_mean(after, weights)))


def _labels(name: str, batches: Sequence[Batch]) -> np.ndarray:
    """The labels of videos as probabilities, with which expected GAP is GAP: float32 [N, C]."""
    labels = np.concatenate([batch.labels for batch in batches]).astype(np.float32)
    if not labels.any():
        raise ArtefactError(
            f"{name}: none of the {len(labels):,} videos has a label to guide the plan by; name a "
            "labelled split in `compress.split`, or set `compress.guide: predictions`"
        )
    return labels


def _absences(
    names: Iterable[str],
    apart: Sequence[np.ndarray],
    weights: Sequence[float],
    lost: Callable[[np.ndarray], float],
) -> tuple[Absence, ...]:
    """The loss from leaving out each proper subset of the members, in float32.

    There are 2^n - 2 subsets of n members: seconds for nine members, minutes from about fifteen.
    """
    found = []
    members = list(zip(names, apart, weights, strict=True))
    for number in range(1, len(members)):
        for left in combinations(members, len(members) - number):
            kept = [name for name, _, _ in left]
            mean = _mean([p for _, p, _ in left], [w for _, _, w in left])
            gone = tuple(name for name, _, _ in members if name not in kept)
            found.append(Absence(gone, lost(mean / sum(w for _, _, w in left))))
    return tuple(found)


def sample(records: Records, videos: int, batch_size: int) -> list[Batch]:
    """A random sample of this many videos, in batches; the same for every call."""
    order = epoch_order(records.manifest.shard_sizes, 0, 0, len(records))[:videos]
    parts = range(0, len(order), batch_size)
    return [records.batch(np.sort(order)[i : i + batch_size]) for i in parts]


def _choices(member: Member, settings: Compression, loss) -> Iterator[Choice]:
    """Every large variable with the measured options for its encoding."""
    for path, value in _large(member, settings):
        quantisers: list[Quantiser] = list(settings.quantisers)
        options = [_try(path, value, quantiser, loss) for quantiser in quantisers]
        entries: list[dict[str, Any] | None] = [as_entry(quantiser) for quantiser in quantisers]
        plain = Option("float32", value.nbytes, 0.0)
        yield Choice(member.name, path, value.shape, (*entries, None), (*options, plain))


def _try(path: str, value: np.ndarray, quantiser: Quantiser, loss) -> Option:
    encoded = encode(path, value, quantiser)
    return Option(encoding_name(quantiser), encoded.size_bytes, loss({path: decode(encoded)}))


def _large(member: Member, settings: Compression) -> list[tuple[str, np.ndarray]]:
    return [
        (path, value)
        for path, value in member.stored.items()
        if value.dtype == np.float32 and value.size > settings.min_elements
    ]


def _count(members: Sequence[Member], settings: Compression) -> int:
    return sum(len(_large(member, settings)) for member in members)


def _rest(member: Member, settings: Compression) -> int:
    large = {path for path, _ in _large(member, settings)}
    return sum(value.nbytes for path, value in member.stored.items() if path not in large)


def _mean(predictions: Sequence[np.ndarray], weights: Sequence[float]) -> np.ndarray:
    return sum(p * w for p, w in zip(predictions, weights, strict=True))


def _check(member: Member, records: Records) -> None:
    if member.schema != records.schema:
        raise ArtefactError(
            f"{member.name}: was made for {member.schema}, but the records have "
            f"{records.schema}; use the manifest of its dataset"
        )
    encoded = [path for path, value in member.stored.items() if isinstance(value, Encoded)]
    if encoded:
        raise ArtefactError(
            f"{member.name}: {encoded[0]} is already quantised; plan with float32 weights, such "
            "as those of stage ema"
        )
