"""Videos without content."""

import numpy as np

from yt8m.data.dummies import is_dummy, is_dummy_video
from yt8m.data.schema import Batch, Schema, Video

SCHEMA = Schema({"audio": 2, "rgb": 8}, classes=3)


def test_a_video_whose_mean_rgb_hardly_varies_is_a_dummy_whatever_its_audio_and_length():
    rng = np.random.default_rng(0)
    frames = np.zeros((2, 6, 10), np.uint8)
    frames[0, :3] = rng.integers(0, 256, 10)
    frames[1, :4, 2:] = 128
    frames[1, :4, :2] = [0, 255]
    batch = Batch(["a", "b"], frames, np.array([3, 4], np.int32), np.zeros((2, 3), bool))
    assert is_dummy(batch, SCHEMA).tolist() == [False, True]
    for video, expected in enumerate([False, True]):
        own = frames[video, : batch.num_frames[video]]
        features = {"audio": own[:, :2], "rgb": own[:, 2:]}
        assert is_dummy_video(Video("a", (), features), SCHEMA) is expected


def test_a_mean_of_floats_is_compared_without_dequantising():
    rgb = np.linspace(-0.3, 0.3, 8, dtype=np.float32)
    assert is_dummy_video(Video("a", (), {"rgb": rgb / 3}), SCHEMA)
    assert not is_dummy_video(Video("b", (), {"rgb": rgb}), SCHEMA)


def test_without_rgb_there_are_no_dummies():
    frames = np.full((1, 2, 2), 128, np.uint8)
    batch = Batch(["a"], frames, np.array([2], np.int32), np.zeros((1, 3), bool))
    assert is_dummy(batch, Schema({"audio": 2}, classes=3)).tolist() == [False]
