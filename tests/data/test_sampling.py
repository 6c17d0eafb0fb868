"""Choosing frames, compared with the original's indices."""

import numpy as np
import pytest

from yt8m.data.sampling import (
    FrameSampler,
    frame_sequence,
    random_frames,
    resampled_frames,
    shuffled_frames,
)
from yt8m.errors import ConfigError


@pytest.fixture
def numbers(golden):
    return np.load(golden("sampling.npz"))


@pytest.mark.parametrize("n", [30, 40, 300])
def test_random_frames_match_the_original(numbers, n):
    found = random_frames(numbers[f"frames{n}_uniform"], numbers["num_frames"])
    assert found.dtype == np.int32
    np.testing.assert_array_equal(found, numbers[f"frames{n}_frame_index"])


@pytest.mark.parametrize("n", [30, 40, 300])
def test_sequences_match_the_original(numbers, n):
    found = frame_sequence(numbers[f"sequence{n}_uniform"], numbers["num_frames"], n)
    assert found.dtype == np.int32
    np.testing.assert_array_equal(found, numbers[f"sequence{n}_frame_index"])


def test_resampling_pads_as_the_original_does(numbers):
    chosen = resampled_frames(numbers["sampleall_uniform"], numbers["num_frames"])
    assert chosen.dtype == np.int32
    found = np.take_along_axis(numbers["sampleall_features"], chosen[..., None], axis=1)
    np.testing.assert_array_equal(found, numbers["sampleall_output"])


def test_sampled_frames_replace_only_padding(numbers):
    """`represent_all` of the original: a video's own frames first, then sampled ones.

    Ours chooses indices; the original's input was sampled beforehand.
    """
    num_frames, sampled = numbers["num_frames"], numbers["represent_all_sampled"]
    chosen = resampled_frames(np.zeros(sampled.shape[:2], np.float32), num_frames)
    own = np.take_along_axis(numbers["sampleall_features"], chosen[..., None], axis=1)
    beyond = np.arange(sampled.shape[1]) >= num_frames[:, None]
    found = np.where(beyond[..., None], sampled, own)
    np.testing.assert_array_equal(found, numbers["represent_all_output"])


def test_shuffling_matches_the_original(numbers):
    found = shuffled_frames(numbers["shuffle_uniform"], numbers["num_frames"])
    assert found.dtype == np.int32
    np.testing.assert_array_equal(found, numbers["shuffle_frame_index"])


@pytest.mark.parametrize("num_frames", [1, 2, 3, 127, 255, 256, 257, 300])
def test_the_highest_draw_selects_the_last_frame(num_frames):
    highest = np.array([[1 - 2**-24]], np.float32)
    assert random_frames(highest, np.array([num_frames], np.int32)) == num_frames - 1


@pytest.mark.parametrize("kind", ["random", "sequence", "resampled"])
def test_a_sampler_draws_frames_of_the_video(kind):
    num_frames = np.array([1, 5, 300], np.int32)
    sampled = FrameSampler(kind, 40, seed=1).sample(0, 0, num_frames)
    assert sampled.shape == (3, 40)
    assert (sampled >= 0).all() and (sampled < num_frames[:, None]).all()


def test_a_shuffled_video_keeps_each_frame_once_and_its_padding_last():
    num_frames = np.array([1, 5, 8], np.int32)
    for row, count in zip(
        FrameSampler("shuffled", 8).sample(0, 0, num_frames), num_frames, strict=True
    ):
        assert sorted(row[:count]) == list(range(count))
        assert row[count:].tolist() == list(range(count, 8))


def test_the_draw_is_fixed_by_seed_epoch_and_step():
    num_frames = np.full(4, 300, np.int32)
    first = FrameSampler("random", 30, seed=1).sample(2, 3, num_frames)
    np.testing.assert_array_equal(
        FrameSampler("random", 30, seed=1).sample(2, 3, num_frames), first
    )
    for seed, epoch, step in ((0, 2, 3), (1, 0, 3), (1, 2, 0)):
        other = FrameSampler("random", 30, seed).sample(epoch, step, num_frames)
        assert (other != first).any()


@pytest.mark.parametrize("kind", ["random", "sequence", "resampled", "shuffled"])
def test_a_part_of_a_batch_has_the_frames_that_the_whole_has_there(kind):
    num_frames = np.array([1, 5, 7, 8], np.int32)
    sampler = FrameSampler(kind, 8, seed=1)
    whole = sampler.sample(2, 3, num_frames)
    np.testing.assert_array_equal(sampler.sample(2, 3, num_frames[1:3], first=1), whole[1:3])


def test_unknown_kinds_and_counts_are_refused():
    with pytest.raises(ConfigError, match="'randm' is unknown; expected one of random, resampled"):
        FrameSampler("randm", 30)
    with pytest.raises(ConfigError, match="count is 0; expected 1 or more"):
        FrameSampler("random", 0)
