from dataclasses import replace

import pytest

from tests.report.charts.conftest import TRIALS
from yt8m.metrics.intervals import Interval
from yt8m.report.budget import trial_differences, trials_table
from yt8m.report.judging import judged
from yt8m.report.noise import look

CLEAR, UNCLEAR = Interval(-0.14, -0.12, 1e-9), Interval(-0.03, 0.01, 0.3)
FOUND = [TRIALS[0], replace(TRIALS[1], interval=UNCLEAR), replace(TRIALS[2], interval=CLEAR)]


@pytest.fixture
def tried(content):
    """Content whose final ensemble was tried with clear and unclear differences."""
    return replace(content, final=replace(content.final, trials=[*FOUND, TRIALS[3]]))


def test_what_a_budget_costs_is_judged_by_its_interval(tried):
    confidence = judged(tried, 0.95, 1000).confidence
    looks = {t: look(d, confidence) for t, d in trial_differences(tried.final).items()}
    assert list(looks.values()) == ["noise", "noise", "drop", "noise"]
    assert confidence.differences == judged(
        replace(tried, final=replace(tried.final, trials=[])), 0.95, 1000
    ).confidence.differences + len([CLEAR, UNCLEAR])


def test_the_table_shows_intervals_of_other_budgets(tried):
    rows = trials_table(tried.final, judged(tried, 0.95, 1000).confidence).rows
    below = [row.cells[-1].below for row in rows]
    assert below == ["", "[−0.0300, +0.0100]", "[−0.1400, −0.1200]", ""]
    assert [row.cells[-1].mark for row in rows] == ["noise", "noise", "drop", "noise"]


def test_without_float32_nothing_is_compared(tried):
    alone = replace(tried.final, trials=TRIALS[1:])
    assert trial_differences(alone) == {}
