"""Durations in videos and steps, from steps, epochs and shares."""

import numpy as np
import pytest

from yt8m.config.training import Averaging, BatchNormalisation, Training
from yt8m.training.durations import (
    Length,
    average_decay,
    decay_interval,
    length_of,
    memory_of,
    statistics_decay,
)
from yt8m.training.schedule import staircase

LENGTH = length_of(epochs=4, videos=1050, videos_per_step=100)


def test_a_phase_is_as_long_as_its_whole_batches():
    assert Length(4, 10, 100) == LENGTH
    assert (LENGTH.steps, LENGTH.videos_per_epoch, LENGTH.videos) == (40, 1000, 4000)


@pytest.mark.parametrize(
    ("given", "videos"),
    [
        ({"decay_videos": 7}, 7),
        ({"decay_epochs": 2}, 2000),
        ({"decay_epochs": 0.25}, 250),
        ({"decay_share": 0.5}, 2000),
        ({}, 400),
        ({"decay_share": 1e-9}, 1),
        ({"decay_share": 0.0001001}, 1),
        ({"decay_share": 0.0006}, 3),
    ],
)
def test_the_interval_of_decays_in_videos_is_rounded_up(given, videos):
    assert decay_interval(Training(**given), LENGTH) == videos


@pytest.mark.parametrize("steps_per_epoch", [1, 3, 7, 10, 97, 1000, 12345])
@pytest.mark.parametrize("share", [0.1, 0.2, 0.3, 0.7, 1 / 3, 1.0])
def test_a_share_of_one_nth_divides_a_phase_into_at_most_n_rates(share, steps_per_epoch):
    length = Length(3, steps_per_epoch, 10)
    interval = decay_interval(Training(decay_share=share), length)
    assert share * length.videos <= interval + 1e-6 < share * length.videos + 1.001
    last = (length.steps - 1) * 10 // interval
    assert last < 1 / share


def test_by_default_the_rate_of_a_long_phase_falls_in_ten_equal_stages():
    interval = decay_interval(Training(), Length(10, 100, 32))
    rates = [
        staircase(s, initial=1.0, decay=0.8, videos_per_step=32, decay_videos=interval)
        for s in range(1000)
    ]
    np.testing.assert_allclose(rates, np.repeat(0.8 ** np.arange(10), 100))


@pytest.mark.parametrize(
    ("given", "steps"),
    [
        ({"memory_steps": 25}, 25),
        ({"memory_epochs": 2}, 20),
        ({"memory_epochs": 0.5}, 5),
        ({"memory_share": 0.5}, 20),
        ({}, 8),
        ({"memory_share": 1e-9}, 1),
    ],
)
def test_a_memory_is_counted_in_steps_of_its_phase(given, steps):
    assert memory_of(average_decay(Averaging(**given), LENGTH)) == pytest.approx(steps)
    if given:
        batch_norm = BatchNormalisation(**given)
        assert memory_of(statistics_decay(batch_norm, LENGTH)) == pytest.approx(steps)


def test_steps_a_half_life_and_a_decay_need_no_length():
    assert average_decay(Averaging(memory_steps=2000)) == 1 - 1 / 2000
    assert average_decay(Averaging(half_life_steps=3)) == pytest.approx(0.5 ** (1 / 3))
    assert statistics_decay(BatchNormalisation(), LENGTH) == 0.999
    assert statistics_decay(BatchNormalisation(decay=0.5), LENGTH) == 0.5
    with pytest.raises(ValueError, match=r"^memory_share is 0.2; needs the length of the phase"):
        average_decay(Averaging())


def test_a_memory_too_long_for_float32_is_the_longest_that_may_be_set():
    endless = Length(10**6, 10**6, 1)
    decay = average_decay(Averaging(memory_epochs=1e6), endless)
    assert decay == average_decay(Averaging(memory_steps=1e9)) < 1
