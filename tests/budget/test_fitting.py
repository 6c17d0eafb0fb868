"""Graphs written to see their own bytes: as few as will do."""

from dataclasses import replace

import pytest

from tests.budget.test_plan import PLAN
from yt8m.budget import fitting


@pytest.fixture
def written(monkeypatch):
    """What was taken in each graph that was written; a coded variable takes 7 bytes more."""
    found = []

    def overhead(plan, members, decode):
        found.append(tuple(choice.taken for choice in plan.choices))
        return 70 + 7 * plan.coded

    monkeypatch.setattr(fitting, "_overhead", overhead)
    return found


@pytest.mark.parametrize(
    ("budget", "taken", "graphs"),
    [(1000, (1, 1), 2), (607, (0, 1), 3), (400, (0, 0), 2)],
)
def test_a_graph_that_was_seen_is_not_written_again(written, budget, taken, graphs):
    """Without codes and with nothing but codes they are; what the plan has may be one of them."""
    plan = fitting.fitted(replace(PLAN, budget_bytes=budget), [], "at_load")
    assert tuple(choice.taken for choice in plan.choices) == taken
    assert len(written) == len(set(written)) == graphs


def test_what_decodes_a_variable_is_counted_to_each_way_but_float32(written):
    plan = fitting.fitted(PLAN, [], "at_load")
    assert plan.decoding_bytes == 7 and plan.overhead_bytes == 70
    assert [option.size_bytes for option in plan.choices[0].options] == [107, 400]
