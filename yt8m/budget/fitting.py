"""A plan within its budget, for which the size of the graph itself is measured."""

import math
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from yt8m.artefacts import GRAPH, WEIGHTS
from yt8m.budget.plan import Choice, Plan
from yt8m.compression.plan import quantise_weights, stored_bytes
from yt8m.compression.storage import Encoded
from yt8m.errors import ArtefactError
from yt8m.serving.ensemble import export_ensemble
from yt8m.serving.member import Member
from yt8m.serving.preprocessing import NOTHING, GivenFiles
from yt8m.weights import save_weights

MOST_GRAPHS = 4
"""Most graphs to write until one shows that a plan keeps its budget; usually the first does."""


def fitted(
    plan: Plan,
    members: Sequence[Member],
    decode: str,
    given: GivenFiles = NOTHING,
) -> Plan:
    """The plan within its budget, with the measured bytes of the graph besides the variables.

    Graphs are written to measure them: without encodings, with everything encoded (since decoding
    takes bytes too), and as planned; none of them twice. given: with projections that the graph
    contains.
    """
    seen: dict[tuple[int, ...], int] = {}

    def overhead_of(plan: Plan) -> int:
        taken = tuple(choice.taken for choice in plan.choices)
        if taken not in seen:
            seen[taken] = _overhead(plan, members, decode, given)
        return seen[taken]

    overhead = overhead_of(_with(plan, lambda choice: len(choice.options) - 1))
    coded = overhead_of(_with(plan, _smallest))
    decoding = math.ceil(max(coded - overhead, 0) / max(len(plan.choices), 1))
    larger = tuple(_enlarged(choice, decoding) for choice in plan.choices)
    plan = replace(plan, choices=larger, decoding_bytes=decoding)
    for _ in range(MOST_GRAPHS):
        plan = replace(plan, overhead_bytes=overhead).within(plan.budget_bytes)
        excess = overhead_of(plan) - plan.coded * decoding - overhead
        if excess <= 0:
            break
        overhead += excess
    return plan


def stored_by(plan: Plan, member: Member) -> dict[str, np.ndarray | Encoded]:
    """A member's variables, encoded by the plan. Raises ArtefactError for other weights."""
    if plan.digests.get(member.name) != member.digest:
        raise ArtefactError(
            f"plan of {plan.name}: was made for other weights of {member.name}; make it again"
        )
    return quantise_weights(member.stored, own=plan.quantisers_of(member.name))


def _with(plan: Plan, take: Callable[[Choice], int]) -> Plan:
    return replace(plan, choices=tuple(replace(c, taken=take(c)) for c in plan.choices))


def _smallest(choice: Choice) -> int:
    return min(range(len(choice.options)), key=lambda n: choice.options[n].size_bytes)


def _enlarged(choice: Choice, size_bytes: int) -> Choice:
    """Items with the bytes of the decoding nodes added to each option but float32."""
    *coded, plain = choice.options
    larger = [replace(option, size_bytes=option.size_bytes + size_bytes) for option in coded]
    return replace(choice, options=(*larger, plain))


def _overhead(plan: Plan, members: Sequence[Member], decode: str, given: GivenFiles) -> int:
    """Bytes of the graph besides its variables, measured on one that is written."""
    with tempfile.TemporaryDirectory() as folder:
        stages, bytes_of_variables = {}, 0
        for member in members:
            stored = stored_by(plan, member)
            stage = Path(folder, member.name)
            save_weights(stage / WEIGHTS, stored, {"kind": "weights", "model": member.identity})
            stages[stage] = plan.weights[member.name]
            bytes_of_variables += stored_bytes(stored)
        out = Path(folder, "all")
        export_ensemble(plan.name, stages, out, decode, given=given)
        files = [p for p in (out / GRAPH).rglob("*") if p.is_file()]
        return sum(p.stat().st_size for p in files) - bytes_of_variables
