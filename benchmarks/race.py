"""Several implementations of the same task, timed in turns."""

import resource
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from importlib.util import find_spec

from benchmarks.aside import DEFAULTS, SETTINGS, aside
from benchmarks.outcome import Measured, Outcome

Way = Callable[[], int]
"""Does the task once, and returns the number of items. Picklable."""


@dataclass(frozen=True)
class Limit:
    """A bound that no implementation on this machine can exceed.

    what: its description, e.g. "matmul, 41 GFLOP/s". rate: items per second.
    """

    what: str
    rate: float


def cpu_seconds() -> float:
    """Of this process so far, and of its children that have ended."""
    used = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in used)


@dataclass(frozen=True)
class Timed:
    """A way that also says how long it took, in seconds of a clock of its own process."""

    way: Way
    clock: Callable[[], float]

    def __call__(self) -> tuple[int, float, float]:
        """Do it once: the number of items, seconds, and CPU seconds with those of its children."""
        start, cpu = self.clock(), cpu_seconds()
        items = self.way()
        return items, self.clock() - start, cpu_seconds() - cpu


@dataclass(frozen=True)
class Peer:
    """What others have for a task. packages: those that it imports and that may be missing."""

    way: Way
    packages: tuple[str, ...] = ()

    @property
    def missing(self) -> str | None:
        """The first package that is not installed."""
        return next((name for name in self.packages if find_spec(name) is None), None)


def nothing() -> None:
    """Prepares nothing."""


@dataclass(frozen=True)
class Race:
    """A row of the table.

    name: the task. unit: the items that are counted, e.g. "videos".
    ours: with the allocator and the pages that this project sets.
    plain: as one writes it at first, with the system's defaults.
    peers: the strongest that others have, by name, with the same allocator and pages as ours.
    others: further ways of interest, by name, that do more or less, or are ours with a setting.
    limit: bound on ours; None if there is no simple one.
    clock: of what is timed; `time.process_time` for the processor's time instead of the wall's.
    before: is called before each run, and not timed.
    """

    name: str
    unit: str
    ours: Way
    plain: Way
    peers: dict[str, Peer] = field(default_factory=dict)
    others: dict[str, Way] = field(default_factory=dict)
    limit: Limit | None = None
    clock: Callable[[], float] = time.perf_counter
    before: Callable[[], None] = nothing


def run(race: Race, rounds: int) -> Outcome:
    """Run every implementation once to warm up, then each in turn, `rounds` times.

    In turns, other load on the machine affects all of them alike; each round gives one ratio. All
    run in processes of their own.
    """
    missing = {name: p.missing for name, p in race.peers.items() if p.missing}
    peers = {name: p.way for name, p in race.peers.items() if name not in missing}
    with ExitStack() as stack:

        def started(way: Way, environment=SETTINGS):
            return stack.enter_context(aside(Timed(way, race.clock), environment))

        ways = {("ours",): started(race.ours), ("plain",): started(race.plain, DEFAULTS)}
        ways |= {("peer", name): started(way) for name, way in peers.items()}
        ways |= {("other", name): started(way) for name, way in race.others.items()}
        measured = _in_turns(ways, race.before, rounds)
    return Outcome(
        race.name,
        race.unit,
        measured["ours",],
        measured["plain",],
        {name: measured.get(("peer", name)) for name in race.peers},
        {name: measured["other", name] for name in race.others},
        missing,
        race.limit.what if race.limit else None,
        race.limit.rate if race.limit else None,
    )


def _in_turns(ways: dict, before: Callable[[], None], rounds: int) -> dict[tuple, Measured]:
    for way in ways.values():
        way()
    measured = {name: Measured() for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            before()
            items, seconds, cpu = way()
            measured[name].rates.append(items / seconds)
            measured[name].cpu.append(cpu / items)
    return measured
