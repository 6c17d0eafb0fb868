"""Warnings about schedules that do not fit the length of a phase."""

import re

import pytest

from yt8m.config.training import Averaging, BatchNormalisation, Training
from yt8m.training.durations import Length
from yt8m.training.schedule_warnings import average_warnings, rate_warnings, statistics_warnings

LENGTH = Length(epochs=4, steps_per_epoch=10, videos_per_step=100)


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"decay_videos": 4000}, "^training.decay_videos 4,000: the learning rate never decays"),
        ({"decay_epochs": 4}, "^training.decay_epochs 4: the learning rate never decays"),
        ({"decay_videos": 3999}, None),
        ({"decay_videos": 4000, "decay": 1.0}, None),
        ({}, None),
        ({"decay_share": 0.01, "decay": 0.1}, r"^training.decay_share 0.01.*after 3% of training"),
        ({"decay_videos": 50}, "^training.decay_videos 50: .* less than 0.001 .* after 39% of"),
        ({"decay_videos": 65}, None),
    ],
)
def test_a_rate_that_never_decays_or_soon_is_near_zero_is_warned_about(given, text):
    found = rate_warnings(Training(**given), LENGTH)
    assert len(found) == (text is not None)
    assert all(re.search(text, sentence) for sentence in found)


def test_the_thousandth_is_reached_where_the_warning_says():
    (text,) = rate_warnings(Training(decay=0.5, decay_videos=100), LENGTH)
    assert "after 25% of training" in text  # 0.5 ** 10 is the first below 0.001: 1,000 of 4,000


@pytest.mark.parametrize(
    ("given", "warns"),
    [
        ({"memory_steps": 41}, True),
        ({"memory_steps": 40}, False),
        ({"memory_epochs": 4.1}, True),
        ({"memory_share": 1.0}, False),
        ({"half_life_steps": 29}, True),
        ({"half_life_steps": 27}, False),
        ({}, False),
        ({"memory_steps": 2000, "average": "equal"}, False),
    ],
)
def test_an_average_that_remembers_more_than_its_phase_is_warned_about(given, warns):
    found = average_warnings(Averaging(**given), LENGTH)
    assert bool(found) == warns
    assert all(t.startswith("ema.") and "has only 40, so it stays near" in t for t in found)


@pytest.mark.parametrize(
    ("given", "warns"),
    [
        ({}, False),
        ({"warm_up": False}, True),
        ({"warm_up": False, "memory_share": 0.2}, False),
        ({"warm_up": False, "memory_share": 0.3}, True),
        ({"warm_up": False, "memory_steps": 8}, False),
        ({"warm_up": False, "decay": 0.9}, True),
    ],
)
def test_statistics_of_batch_norm_that_cannot_settle_are_warned_about(given, warns):
    training = Training(batch_norm=BatchNormalisation(**given))
    found = statistics_warnings(training, LENGTH)
    assert bool(found) == warns
    assert all("but training takes only 40" in text for text in found)
