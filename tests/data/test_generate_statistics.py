"""Statistics of features of generated videos, compared with those of real videos.

The expected values were measured on YouTube-8M videos of 2018: means on the moments of 55,842 and
the video-level records of 7,454 of them. See `yt8m/data/generate/statistics.py`.
"""

import numpy as np
import pytest

from tests.data.frame_statistics import autocorrelation, dequantised
from yt8m.data.generate.frames import deviations, mean_of_bytes, quantise, sample_scenes
from yt8m.data.generate.statistics import sample_length
from yt8m.data.generate.videos import sample_videos
from yt8m.data.generate.world import build_world
from yt8m.data.schema import Schema
from yt8m.data.sources.generated import Recipe as Generated
from yt8m.data.value_ranges import YOUTUBE_8M

SCHEMA = Schema(classes=60)


def generated(videos, **settings):
    settings = Generated(splits={"all": (1, videos)}, **{"dummies": {}} | settings)
    return list(sample_videos(settings, SCHEMA, build_world(settings, SCHEMA), "all", 0))


@pytest.fixture(scope="module")
def short():
    return generated(800, frames_min=24, frames_max=60)


@pytest.fixture(scope="module")
def long():
    return generated(30, frames_min=120, frames_max=300)


def test_lengths_are_spread_as_in_the_dataset():
    rng = np.random.default_rng(0)
    lengths = np.array([sample_length(rng, 120, 300) for _ in range(20_000)])
    assert lengths.min() == 120
    assert lengths.max() == 300
    assert lengths.mean() == pytest.approx(215, abs=3)
    assert (lengths == 300).mean() > 0.15


@pytest.mark.parametrize("which", ["short", "long"])
def test_the_share_of_bytes_at_both_ends_of_the_range(which, request):
    frames = np.concatenate([v.features["rgb"] for v in request.getfixturevalue(which)])
    assert (frames == 0).mean() == pytest.approx(0.035, abs=0.006)
    assert (frames == 255).mean() == pytest.approx(0.035, abs=0.006)
    assert dequantised(frames).var() == pytest.approx(1.0, abs=0.08)


def test_means_vary_between_videos_as_measured(short):
    rgb = np.array([mean_of_bytes(v.features["rgb"]) for v in short])
    audio = np.array([mean_of_bytes(v.features["audio"]) for v in short])
    blocks = rgb.var(axis=0).reshape(8, 128).mean(axis=1)
    expected = [0.335, 0.233, 0.209, 0.199, 0.192, 0.185, 0.177, 0.168]
    assert blocks == pytest.approx(expected, rel=0.15)
    assert audio.var(axis=0).mean() == pytest.approx(0.47, rel=0.08)


def test_rare_labels_lie_further_out_than_frequent_ones_and_are_no_wider(short):
    rgb = np.array([mean_of_bytes(v.features["rgb"]) for v in short])
    rgb = (rgb - rgb.mean(axis=0)) / np.sqrt(rgb.var(axis=0).sum())
    distance, width = np.zeros(40), np.zeros(40)
    for label in range(40):
        mine = rgb[[label in v.labels for v in short]]
        width[label] = mine.var(axis=0, ddof=1).sum()
        distance[label] = np.square(mine.mean(axis=0)).sum() - width[label] / len(mine)
    assert -0.005 < distance[:4].mean() < 0.03
    assert 0.04 < distance[20:].mean() < 0.12  # 0.045 to 0.1 measured at such frequencies
    assert np.median(width[20:]) < 1.05


def test_frames_follow_each_other_as_measured(long):
    frames = [v.features["rgb"] for v in long]
    assert autocorrelation(frames, 1) == pytest.approx(0.49, abs=0.03)
    assert autocorrelation(frames, 10) == pytest.approx(0.12, abs=0.04)


def test_some_videos_are_silent():
    videos = generated(1500, frames_min=2, frames_max=4)
    silent = [v for v in videos if (v.features["audio"] == v.features["audio"][0]).all()]
    assert len(silent) / len(videos) == pytest.approx(0.014, abs=0.01)
    assert len({v.features["audio"][0].tobytes() for v in silent}) == 1


def test_dummies_have_no_labels_and_means_near_zero():
    videos = generated(300, frames_min=24, frames_max=60, dummies={"all": 0.5})
    spread = np.array([mean_of_bytes(v.features["rgb"]).std() for v in videos])
    is_dummy = np.array([not v.labels for v in videos])
    assert is_dummy.mean() == pytest.approx(0.5, abs=0.1)
    assert spread[is_dummy].max() < 0.1 < spread[~is_dummy].min()


def test_scenes_do_not_change_the_mean():
    rng = np.random.default_rng(0)
    scene_of = sample_scenes(rng, 50)
    scenes = rng.standard_normal((scene_of[-1] + 1, 40), np.float32)
    assert np.abs(deviations(rng, scene_of, scenes).mean(axis=0)).max() < 1e-5


def test_a_single_frame_equals_its_mean():
    scenes = np.ones((1, 3), np.float32)
    assert (deviations(np.random.default_rng(0), np.array([0]), scenes) == 0).all()


def test_quantising_finds_the_nearest_byte():
    every = np.arange(256, dtype=np.uint8)
    values = (every * YOUTUBE_8M.step + YOUTUBE_8M.first).astype(np.float32)
    assert (quantise(values) == every).all()
    assert (quantise(values + np.float32(0.4 * YOUTUBE_8M.step)) == every).all()
    assert quantise(np.float32([-9.0, 9.0])).tolist() == [0, 255]
