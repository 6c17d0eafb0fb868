"""Two ways to the same end, timed in turns."""

import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from statistics import median

from benchmarks.aside import aside


@dataclass(frozen=True)
class Limit:
    """What no implementation on this machine could pass.

    what: in words, e.g. "matmul, 41 GFLOP/s". rate: items a second.
    """

    what: str
    rate: float


@dataclass(frozen=True)
class Race:
    """A row of the table.

    name: what is done. unit: of the items that are counted, e.g. "videos".
    ours, baseline: do it once and return how many items that was. The baseline can be pickled.
    others: further ways worth a look, by name; like the baseline.
    limit: of ours; None where nothing simple bounds it.
    """

    name: str
    unit: str
    ours: Callable[[], int]
    baseline: Callable[[], int]
    others: dict[str, Callable[[], int]] = field(default_factory=dict)
    limit: Limit | None = None


@dataclass(frozen=True)
class Outcome:
    """Medians over the rounds, in items a second. ratio: ours over the baseline, round by round."""

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
        """How near to the limit ours comes, 1 being there."""
        return self.ours / self.limit_rate if self.limit_rate else None


def run(race: Race, rounds: int) -> Outcome:
    """Every way once to warm up, then each in turn, `rounds` times.

    Whatever else the machine does meets all ways alike; each round gives one ratio. All but ours
    are in processes of their own.
    """
    with ExitStack() as stack:
        plain = {"baseline": race.baseline, **race.others}
        ways = {name: stack.enter_context(aside(way)) for name, way in plain.items()}
        ways = {"ours": race.ours, **ways}
        for way in ways.values():
            way()
        rates: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(rounds):
            for name, way in ways.items():
                rates[name].append(_rate(way))
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


def _rate(way: Callable[[], int]) -> float:
    start = time.perf_counter()
    items = way()
    return items / (time.perf_counter() - start)
