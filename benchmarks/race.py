"""Several implementations of the same task, timed in turns."""

import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from statistics import median

from benchmarks.aside import aside


@dataclass(frozen=True)
class Limit:
    """A bound that no implementation on this machine can exceed.

    what: its description, e.g. "matmul, 41 GFLOP/s". rate: items per second.
    """

    what: str
    rate: float


@dataclass(frozen=True)
class Timed:
    """A way that also says how long it took, in seconds of a clock of its own process."""

    way: Callable[[], int]
    clock: Callable[[], float]

    def __call__(self) -> tuple[int, float]:
        """Do it once: the number of items, and seconds."""
        start = self.clock()
        items = self.way()
        return items, self.clock() - start


def nothing() -> None:
    """Prepares nothing."""


@dataclass(frozen=True)
class Race:
    """A row of the table.

    name: the task. unit: the items that are counted, e.g. "videos".
    ours, baseline: do it once and return the number of items. The baseline is picklable.
    others: further implementations of interest, by name; like the baseline.
    limit: bound on ours; None if there is no simple one.
    clock: of what is timed; `time.process_time` for the processor's time instead of the wall's.
    before: is called before each run, and not timed.
    """

    name: str
    unit: str
    ours: Callable[[], int]
    baseline: Callable[[], int]
    others: dict[str, Callable[[], int]] = field(default_factory=dict)
    limit: Limit | None = None
    clock: Callable[[], float] = time.perf_counter
    before: Callable[[], None] = nothing


@dataclass(frozen=True)
class Outcome:
    """Medians over the rounds, in items per second. ratio: ours over the baseline, per round."""

    name: str
    unit: str
    rounds: int
    ours: float
    baseline: float
    ratio: float
    others: dict[str, float]
    limit: str | None
    limit_rate: float | None

    @property
    def share_of_limit(self) -> float | None:
        """Our rate as a share of the limit."""
        return self.ours / self.limit_rate if self.limit_rate else None


def run(race: Race, rounds: int) -> Outcome:
    """Run every implementation once to warm up, then each in turn, `rounds` times.

    In turns, other load on the machine affects all of them alike; each round gives one ratio. All
    but ours run in processes of their own.
    """
    with ExitStack() as stack:
        plain = {"baseline": race.baseline, **race.others}
        timed = {name: Timed(way, race.clock) for name, way in plain.items()}
        ways = {name: stack.enter_context(aside(way)) for name, way in timed.items()}
        ways = {"ours": Timed(race.ours, race.clock), **ways}
        for way in ways.values():
            way()
        rates: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(rounds):
            for name, way in ways.items():
                race.before()
                items, seconds = way()
                rates[name].append(items / seconds)
    ratios = [a / b for a, b in zip(rates["ours"], rates["baseline"], strict=True)]
    return Outcome(
        race.name,
        race.unit,
        rounds,
        median(rates["ours"]),
        median(rates["baseline"]),
        median(ratios),
        {name: median(rates[name]) for name in race.others},
        race.limit.what if race.limit else None,
        race.limit.rate if race.limit else None,
    )
