import numpy as np

from yt8m.data.value_ranges import ValueRange
from yt8m.layers.frames import Frames, MeanFrame, at_unit_length


def unit_frames(layer, frames, num_frames):
    parts, scale, _ = layer(frames, np.int32(num_frames))
    return np.asarray(at_unit_length(parts, scale))


def test_bytes_are_dequantised():
    frames = np.uint8([[[0, 255], [128, 7], [9, 9]]])
    features = unit_frames(Frames(), frames, [2])
    plain = frames * np.float32(4 / 255) + np.float32(4 / 512 - 2)
    expected = plain / np.linalg.norm(plain, axis=-1, keepdims=True)
    np.testing.assert_allclose(features[0, :2], expected[0, :2], atol=1e-6)
    _, _, mask = Frames()(frames, np.int32([2]))
    np.testing.assert_array_equal(np.asarray(mask), [[True, True, False]])


def test_each_feature_is_dequantised_by_its_own_range():
    frames = np.uint8([[[0, 255, 128, 7]]])
    layer = Frames([(2, ValueRange(0.0, 1.0)), (2, ValueRange(-30.0, 10.0))])
    features = unit_frames(layer, frames, [1])
    plain = np.float32(
        [1 / 512, 1 + 1 / 512, 128 * 40 / 255 + 40 / 512 - 30, 7 * 40 / 255 + 40 / 512 - 30]
    )
    np.testing.assert_allclose(features[0, 0], plain / np.linalg.norm(plain), atol=1e-6)


def test_each_feature_is_a_part_of_frames_that_have_length_one_together():
    frames = np.uint8([[[0, 255, 128, 7]]])
    layer = Frames([(3, ValueRange(0.0, 1.0)), (1, ValueRange(-30.0, 10.0))])
    parts, scale, _ = layer(frames, np.int32([1]))
    assert [part.shape for part in parts] == [(1, 1, 3), (1, 1, 1)]
    together = np.concatenate([np.asarray(part * scale) for part in parts], axis=-1)
    np.testing.assert_allclose(np.linalg.norm(together), 1, rtol=1e-6)


def test_one_range_of_all_features_equals_the_same_range_for_each():
    frames = np.uint8([[[0, 255, 128, 7]]])
    one, two = ValueRange(0.0, 1.0), ValueRange(0.0, 1.0 + 1e-7)
    first = unit_frames(Frames([(2, one), (2, one)]), frames, [1])
    second = unit_frames(Frames([(2, one), (2, two)]), frames, [1])
    np.testing.assert_allclose(first, second, atol=1e-5)


def test_frames_past_the_end_become_exactly_zero():
    frames = np.full((1, 3, 4), np.nan, "float32")
    frames[0, 0] = [3.0, 0.0, 4.0, 0.0]
    features = unit_frames(Frames(), frames, [1])
    expected = np.float32([[[0.6, 0.0, 0.8, 0.0], [0.0] * 4, [0.0] * 4]])
    np.testing.assert_allclose(features, expected, atol=1e-7)


def test_a_frame_count_beyond_the_length_counts_all_frames():
    _, _, mask = Frames()(np.zeros((1, 3, 4), "uint8"), np.int32([9]))
    assert np.asarray(mask).all()


def test_the_mean_frame_is_taken_over_valid_frames(batch):
    frames, num_frames, mask = batch
    found = np.asarray(MeanFrame()(frames, mask=mask))
    expected = [v[:n].mean(0) for v, n in zip(frames, num_frames, strict=True)]
    np.testing.assert_allclose(found, expected, atol=1e-6)


def test_the_mean_of_no_frames_is_zero():
    found = MeanFrame()(np.ones((1, 3, 2), "float32"), mask=np.zeros((1, 3), bool))
    np.testing.assert_array_equal(np.asarray(found), [[0.0, 0.0]])


def test_a_unit_mean_has_the_direction_of_the_mean_and_length_one():
    frames = np.random.default_rng(0).normal(size=(2, 4, 5)).astype("f4")
    mask = np.array([[True, True, False, False], [True] * 4])
    mean = np.asarray(MeanFrame()(frames, mask=mask))
    unit = np.asarray(MeanFrame(unit=True)(frames, mask=mask))
    np.testing.assert_allclose(unit, mean / np.linalg.norm(mean, axis=1, keepdims=True), rtol=1e-5)
