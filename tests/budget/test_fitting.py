"""Graphs written to measure their overhead: as few as possible."""

from dataclasses import replace

import pytest

from tests.budget.test_plan import PLAN
from tests.serving.own_features import write_given, write_linear
from yt8m.budget import fitting
from yt8m.serving.member import load_member
from yt8m.serving.preprocessing import NOTHING
from yt8m.serving.raw_features import raw_bytes


@pytest.fixture
def written(monkeypatch):
    """The options in each graph that was written; a coded variable takes 7 more bytes."""
    found = []

    def overhead(plan, members, decode, given):
        found.append(tuple(choice.taken for choice in plan.choices))
        return 70 + 7 * plan.coded

    monkeypatch.setattr(fitting, "_overhead", overhead)
    return found


@pytest.mark.parametrize(
    ("budget", "taken", "graphs"),
    [(1000, (1, 1), 2), (607, (0, 1), 3), (400, (0, 0), 2)],
)
def test_a_graph_that_was_seen_is_not_written_again(written, budget, taken, graphs):
    """Graphs without codes and with codes only are measured; the plan's may be one of them."""
    plan = fitting.fitted(replace(PLAN, budget_bytes=budget), [], "at_load")
    assert tuple(choice.taken for choice in plan.choices) == taken
    assert len(written) == len(set(written)) == graphs


def test_the_measured_graph_contains_the_projections(tmp_path):
    member = load_member(write_linear(tmp_path / "linear"))
    plan = replace(PLAN, weights={"linear": 1.0}, digests={"linear": member.digest}, choices=())
    given = write_given(tmp_path / "data")
    without, overhead = (fitting._overhead(plan, [member], "at_load", g) for g in (NOTHING, given))
    size = raw_bytes(given.preprocessing(member.schema).projections)
    assert without + size < overhead < without + size + 80_000


def test_every_option_but_float32_includes_the_bytes_of_decoding(written):
    plan = fitting.fitted(PLAN, [], "at_load")
    assert plan.decoding_bytes == 7 and plan.overhead_bytes == 70
    assert [option.size_bytes for option in plan.choices[0].options] == [107, 400]
