"""Implementations run in turns, each in its process; ours and its peers with the same settings."""

import os
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from benchmarks.aside import DEFAULTS, PAGES, SETTINGS, aside
from benchmarks.outcome import Measured, Outcome, Ratio
from benchmarks.race import Peer, Race, run
from benchmarks.table import markdown, ways
from yt8m.runtime.devices import ALLOCATOR

ROOT = Path(__file__).parents[2]


@dataclass
class Counting:
    """Counts its calls in a file, and returns how many items there are."""

    path: Path
    items: int = 6

    def __call__(self) -> int:
        with self.path.open("a") as file:
            file.write("x")
        return self.items


@dataclass
class Settings:
    """How many variables of these names there are in the environment."""

    names: list = field(default_factory=lambda: [*ALLOCATOR, *PAGES])

    def __call__(self) -> int:
        return sum(name in os.environ for name in self.names)


def test_the_allocator_and_the_pages_are_set_for_ours_and_peers_only():
    for environment, count in ((SETTINGS, 3), (DEFAULTS, 0)):
        with aside(Settings(), environment) as elsewhere:
            assert elsewhere() == count


def test_pages_are_those_that_the_workflow_requests():
    assert PAGES["GLIBC_TUNABLES"] in (ROOT / "workflow/rules/common.smk").read_text()


@pytest.fixture(scope="module")
def outcome(tmp_path_factory):
    folder = tmp_path_factory.mktemp("race")
    before = Counting(folder / "before")
    race = Race(
        "r",
        "items",
        ours=Counting(folder / "ours"),
        plain=Counting(folder / "plain"),
        peers={
            "fast": Peer(Counting(folder / "fast", items=10**9)),
            "absent": Peer(Counting(folder / "absent"), ("os", "no_such_package")),
        },
        others={"other": Counting(folder / "other")},
        before=before,
    )
    return run(race, rounds=3), folder


def test_each_round_times_every_way_that_is_installed(outcome):
    found, folder = outcome
    calls = {path.name: len(path.read_text()) for path in folder.iterdir()}
    assert calls == {"ours": 4, "plain": 4, "fast": 4, "other": 4, "before": 12}
    for way in (found.ours, found.plain, found.peers["fast"], found.others["other"]):
        assert len(way.rates) == len(way.cpu) == found.rounds == 3
    assert found.missing == {"absent": "no_such_package"}


def test_the_fastest_is_named_and_a_missing_package_too(outcome):
    found, _ = outcome
    assert found.strongest[0] == "fast"
    assert "| fast |" in markdown([found])
    assert "| ... absent | no_such_package is not installed |" in ways([found])
    assert found.as_json()["ratio_to_strongest"]["most"] < 1


def test_ratios_are_of_each_round_with_their_range():
    ours = Measured([10.0, 20.0, 40.0], [0.4, 0.2, 0.1])
    peer = Measured([10.0, 10.0, 10.0], [0.4, 0.4, 0.4])
    plain = Measured([1.0, 1.0, 1.0], [1.0, 1.0, 1.0])
    found = Outcome("r", "items", ours, plain, {"p": peer}, limit="bound", limit_rate=40.0)
    assert found.strongest == ("p", peer)
    assert found.faster_than(peer) == Ratio(2.0, 1.0, 4.0)
    assert found.less_cpu_than(peer) == Ratio(2.0, 1.0, 4.0)
    cells = ["r", "items", "20", "p", "10", "**2.0** (1.00-4.0)", "2.0 (1.00-4.0)"]
    cells += ["1", "20 (10-40)", "bound", "50%"]
    assert markdown([found]).splitlines()[-1] == "| " + " | ".join(cells) + " |"


def test_the_plain_way_is_named_where_it_beats_all_peers():
    ours, slow = Measured([4.0], [1.0]), Measured([1.0], [1.0])
    assert Outcome("r", "items", ours, Measured([2.0], [1.0]), {"p": slow}).strongest[0] == (
        "the plain way"
    )
