"""A compression plan: the encoding of each variable of an ensemble's members, and alternatives."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from yt8m.budget.allocation import Option, allocate
from yt8m.compression.plan import stored_bytes
from yt8m.compression.storage import Encoded
from yt8m.errors import ArtefactError
from yt8m.json_files import AMOUNT, MAPPING, NUMBER, TEXT, Maybe, expect, read_json, write_json
from yt8m.protocols import Quantiser
from yt8m.recipes import read_recipe
from yt8m.state import state_key
from yt8m.text_tables import format_table, numbers, words

PLAN_FORMAT = 4

_CHOICE = {
    "member": TEXT,
    "variable": TEXT,
    "shape": [AMOUNT],
    "quantisers": [Maybe(MAPPING)],
    "options": [{"name": TEXT, "size_bytes": AMOUNT, "loss": NUMBER}],
    "taken": AMOUNT,
}
_PLAN = {
    "name": TEXT,
    "budget_bytes": AMOUNT,
    "weights": {str: NUMBER},
    "digests": {str: TEXT},
    "rest_bytes": {str: AMOUNT},
    "overhead_bytes": AMOUNT,
    "decoding_bytes": AMOUNT,
    "videos": AMOUNT,
    "stored": {str: TEXT},
    "choices": [_CHOICE],
    "absences": [{"members": [TEXT], "loss": NUMBER}],
    "absent_loss": NUMBER,
    "measured": Maybe(NUMBER),
    "raw_bytes": Maybe(AMOUNT),
    "guide": Maybe(TEXT),
}


@dataclass(frozen=True)
class Choice:
    """A variable of a member, and its possible encodings.

    quantisers: config entry of each encoding's quantiser; None for float32. options: their bytes,
        and the decrease of the ensemble's expected GAP if nothing else is quantised.
    taken: index of the chosen encoding.
    """

    member: str
    variable: str
    shape: tuple[int, ...]
    quantisers: tuple[Mapping[str, Any] | None, ...]
    options: tuple[Option, ...]
    taken: int = 0

    @property
    def option(self) -> Option:
        """The chosen option."""
        return self.options[self.taken]

    def scaled(self, factor: float) -> "Choice":
        """The same with all losses multiplied by a factor."""
        options = (replace(option, loss=option.loss * factor) for option in self.options)
        return replace(self, options=tuple(options))


@dataclass(frozen=True)
class Absence:
    """Members that may be left out, and the decrease of expected GAP without them."""

    members: tuple[str, ...]
    loss: float


@dataclass(frozen=True)
class Plan:
    """How an ensemble's variables are stored within a budget.

    weights: member -> its weight in the mean. digests: member -> digest of the measured weights; a
        member in `digests` but not in `weights` is left out of the ensemble, and not compressed.
    rest_bytes: member -> bytes of the variables without a choice. overhead_bytes: of the graph
        besides the variables. decoding_bytes: of the nodes that decode one variable, included in
        each of its options but float32. videos: number of videos on which predictions were
        compared.
    absences: the loss from leaving members out. absent_loss: the loss from those left out.
    measured: the expected loss of GAP with all chosen encodings; None until measured.
    raw_bytes: of the projections in the graph, part of `overhead_bytes`.
    guide: "predictions" or "labels", by which losses of GAP were measured.
    """

    name: str
    budget_bytes: int
    weights: Mapping[str, float]
    digests: Mapping[str, str]
    rest_bytes: Mapping[str, int]
    overhead_bytes: int
    decoding_bytes: int
    videos: int
    choices: tuple[Choice, ...]
    absences: tuple[Absence, ...] = ()
    absent_loss: float = 0.0
    measured: float | None = None
    raw_bytes: int = 0
    guide: str = "predictions"

    @property
    def size_bytes(self) -> int:
        """Bytes of the ensemble on disk."""
        chosen = sum(choice.option.size_bytes for choice in self.choices)
        return self.fixed_bytes + chosen

    def bytes_on_disk(self, stored: Iterable[np.ndarray | Encoded]) -> int:
        """Bytes of a graph with these variables, which need not be encoded as planned."""
        values = list(stored)
        coded = sum(isinstance(value, Encoded) for value in values)
        variables = stored_bytes(dict(enumerate(values)))
        return self.overhead_bytes + variables + coded * self.decoding_bytes

    @property
    def fixed_bytes(self) -> int:
        """Bytes that do not depend on the choices."""
        return self.overhead_bytes + sum(self.rest_bytes.values())

    @property
    def coded(self) -> int:
        """Variables that are not float32."""
        return sum(choice.taken < len(choice.options) - 1 for choice in self.choices)

    @property
    def predicted(self) -> float:
        """The expected loss of GAP: the sum of the losses measured one variable at a time."""
        return self.absent_loss + sum(choice.option.loss for choice in self.choices)

    def within(self, budget_bytes: int) -> "Plan":
        """The best choices for a budget. Raises ArtefactError if nothing fits it."""
        try:
            taken = allocate([c.options for c in self.choices], budget_bytes - self.fixed_bytes)
        except ValueError:
            raise ArtefactError(self._too_small(budget_bytes)) from None
        choices = tuple(replace(c, taken=t) for c, t in zip(self.choices, taken, strict=True))
        return replace(self, budget_bytes=budget_bytes, choices=choices, measured=None)

    def fitting(self, budget_bytes: int) -> "Plan":
        """The best choices for a budget, with the subset of members that loses least.

        The weights of the others are scaled to sum to 1. Raises ArtefactError if nothing fits.
        """
        fitting = []
        for plan in (self, *map(self._without, self.absences)):
            with suppress(ArtefactError):
                fitting.append(plan.within(budget_bytes))
        if not fitting:
            return self.within(budget_bytes)  # raises the error that names what is too large
        return min(fitting, key=lambda plan: plan.predicted)

    def _without(self, absence: Absence) -> "Plan":
        """The plan without some members. Losses grow with the square of a member's weight."""
        left = {n: weight for n, weight in self.weights.items() if n not in absence.members}
        scale = 1.0 / sum(left.values())
        return replace(
            self,
            weights={name: weight * scale for name, weight in left.items()},
            rest_bytes={name: self.rest_bytes[name] for name in left},
            choices=tuple(c.scaled(scale**2) for c in self.choices if c.member in left),
            absences=(),
            absent_loss=absence.loss,
        )

    def smallest_bytes(self) -> dict[str, int]:
        """Member -> the least bytes that its variables can take."""
        least = dict(self.rest_bytes)
        for choice in self.choices:
            least[choice.member] += min(option.size_bytes for option in choice.options)
        return least

    def quantisers_of(self, member: str) -> dict[str, Quantiser | None]:
        """Variable -> its quantiser; None for float32. Only variables with a choice."""
        found = {}
        for choice in self.choices:
            if choice.member == member:
                entry = choice.quantisers[choice.taken]
                where = f"plan of {self.name}: {choice.variable}"
                package = "yt8m.compression.quantisers"
                found[choice.variable] = read_recipe(package, entry, where) if entry else None
        return found

    def digest_of(self, member: str) -> str:
        """Digest of the encodings of a member's variables."""
        chosen = [[c.variable, c.quantisers[c.taken]] for c in self.choices if c.member == member]
        return state_key(chosen)

    def _too_small(self, budget_bytes: int) -> str:
        least = self.smallest_bytes()
        rows = [*sorted(least.items()), ("the graph itself", self.overhead_bytes - self.raw_bytes)]
        smaller = "compress.min_elements or allow fewer bits"
        if self.raw_bytes:
            rows.append(("projections", self.raw_bytes))
            smaller = "compress.min_elements, allow fewer bits, or set `raw: false`"
        table = format_table(words("") + numbers(""), [(n, f"{size:,}") for n, size in rows])
        fitting = _most_weight_that_fits(least, self.weights, budget_bytes - self.overhead_bytes)
        hint = f"; {', '.join(fitting)} would fit" if fitting else ""
        total = self.overhead_bytes + sum(least.values())
        return (
            f"ensembles.{self.name}: needs at least {total:,} bytes, but budget_bytes is "
            f"{budget_bytes:,}; leave a member out, make one smaller, lower {smaller}{hint}. "
            f"Least bytes of each:\n{table.rstrip()}"
        )


def _most_weight_that_fits(
    sizes: Mapping[str, int], weights: Mapping[str, float], budget_bytes: int
) -> list[str]:
    """Members that fit together, chosen by largest weight first."""
    fitting, left = [], budget_bytes
    for member in sorted(sizes, key=lambda m: (-weights[m], m)):
        if sizes[member] <= left:
            fitting.append(member)
            left -= sizes[member]
    return fitting


def write_plan(path: Path, plan: Plan) -> None:
    """Write a plan as JSON, with the digest of each member's encodings."""
    stored = {member: plan.digest_of(member) for member in plan.digests}
    content = asdict(plan)
    if not plan.raw_bytes:
        del content["raw_bytes"]
    if plan.guide == "predictions":
        del content["guide"]
    write_json(path, {"format": PLAN_FORMAT, "stored": stored, **content})


def read_plan(path: Path, name: str | None = None, budget_bytes: int | None = None) -> Plan:
    """The plan that `write_plan` wrote.

    name, budget_bytes: of the ensemble that it must be for, if known.
    Raises ArtefactError for anything else.
    """
    plan = _read_plan(path)
    found, wanted = (plan.name, plan.budget_bytes), (name, budget_bytes)
    if name is not None and found != wanted:
        raise ArtefactError(
            f"{path}: is the plan of {found[0]} within {found[1]} bytes, not of {wanted[0]} within "
            f"{wanted[1]}; delete it and plan again"
        )
    return plan


def _read_plan(path: Path) -> Plan:
    content = read_json(path, MAPPING)
    if content.pop("format", None) != PLAN_FORMAT:
        raise ArtefactError(f"{path}: is not a plan of format {PLAN_FORMAT}; make it again")
    expect(content, _PLAN, path)
    content.pop("stored")
    try:
        choices = tuple(_read_choice(choice) for choice in content.pop("choices"))
        absences = tuple(Absence(tuple(a["members"]), a["loss"]) for a in content.pop("absences"))
        return Plan(choices=choices, absences=absences, **content)
    except (TypeError, ValueError) as error:
        raise ArtefactError(f"{path}: is not a valid plan ({error}); make it again") from None


def _read_choice(content: Mapping[str, Any]) -> Choice:
    """Raises TypeError for unknown keys, ValueError for values that contradict each other."""
    options = tuple(Option(**option) for option in content["options"])
    shape, quantisers = tuple(content["shape"]), tuple(content["quantisers"])
    choice = Choice(**{**content, "options": options, "shape": shape, "quantisers": quantisers})
    if not choice.taken < len(options) == len(quantisers):
        raise ValueError(f"{choice.variable}: encoding {choice.taken} is chosen of {len(options)}")
    return choice
