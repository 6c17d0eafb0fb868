"""Implementations that are compared run in turns; plain ones do not see the environment of ours."""

import os
from dataclasses import dataclass

from benchmarks.aside import aside
from benchmarks.race import Outcome, Race, run
from benchmarks.table import markdown


@dataclass
class Counting:
    """Returns 1, 2, ...; or how many variables of the name there are in its environment."""

    name: str | None = None
    calls: int = 0

    def __call__(self) -> int:
        self.calls += 1
        return self.calls if self.name is None else int(self.name in os.environ)


def test_an_isolated_way_keeps_its_state_and_does_not_see_our_environment(monkeypatch):
    monkeypatch.setenv("SET_UP_BY_US", "1")
    way = Counting()
    with aside(way) as elsewhere, aside(Counting("SET_UP_BY_US")) as seen:
        assert [elsewhere(), elsewhere(), seen()] == [1, 2, 0]
    assert way.calls == 0


def test_each_round_times_every_way_and_the_ratio_is_the_median_of_the_rounds():
    ours, clock, before = Counting(), Counting(), Counting()
    others = {"other": Counting()}
    race = Race("r", "items", ours, Counting(), others, clock=clock, before=before)
    found = run(race, rounds=3)
    assert (ours.calls, clock.calls) == (4, 8)  # once to warm up
    assert before.calls == 9
    assert (found.ours, found.baseline, found.ratio, found.others) == (3, 3, 1, {"other": 3})


def test_ratios_below_ten_have_one_decimal():
    for ratio, shown in ((1.96, "2.0"), (9.94, "9.9"), (9.96, "10"), (1234.5, "1,234")):
        row = markdown([Outcome("r", "items", 3, 1.0, 2.0, ratio, {}, None, None)]).splitlines()[-1]
        assert row == f"| r | items | 1 | 2 | **{shown}** |  |  |"
