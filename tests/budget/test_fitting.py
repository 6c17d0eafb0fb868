"""Graphs written to measure their overhead: as few as possible."""

from dataclasses import replace

import pytest

from tests.budget.test_plan import PLAN
from yt8m.budget import fitting


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


def test_every_option_but_float32_includes_the_bytes_of_decoding(written):
    plan = fitting.fitted(PLAN, [], "at_load")
    assert plan.decoding_bytes == 7 and plan.overhead_bytes == 70
    assert [option.size_bytes for option in plan.choices[0].options] == [107, 400]
