import numpy as np

from tests.reference import layers as slow
from yt8m.layers.attention import AttentionPooling, PadToLength
from yt8m.layers.projection import FrameProjection


def test_attention_matches_the_loop_over_frames(batch, filled, weights_of):
    frames, num_frames, mask = batch
    layer = AttentionPooling(5)
    layer.build(frames.shape)
    w = weights_of(filled(layer))
    expected = slow.attention_pooling(frames, num_frames, w["attention"], w["kernel"], w)
    np.testing.assert_allclose(np.asarray(layer(frames, mask=mask)), expected, atol=1e-5)


def test_without_a_mask_every_frame_counts(batch, filled, weights_of):
    frames, _, _ = batch
    frames = np.clip(frames, -2.0, 2.0)
    layer = AttentionPooling(5)
    layer.build(frames.shape)
    w = weights_of(filled(layer))
    expected = slow.attention_pooling(frames, [7] * 4, w["attention"], w["kernel"], w)
    np.testing.assert_allclose(np.asarray(layer(frames)), expected, atol=1e-5)


def test_shares_by_hand():
    layer = AttentionPooling(1)
    layer.build((None, None, 1))
    layer.attention.assign([[np.log(3.0)]])
    frames, mask = np.float32([[[1.0], [0.0], [9.0]]]), np.array([[True, True, False]])
    found = np.asarray(layer.shares(frames, mask))[:, :, 0]
    np.testing.assert_allclose(found, [[0.75, 0.25, 0.0]], atol=1e-6)


def test_a_video_without_frames_is_all_zeros():
    frames, mask = np.ones((1, 3, 2), "float32"), np.zeros((1, 3), bool)
    found = np.asarray(AttentionPooling(2)(frames, mask=mask))
    np.testing.assert_array_equal(found, [[0.0, 0.0]])


def test_a_hidden_layer_on_frames_is_clipped_to_0_and_6(batch, filled, weights_of):
    frames, _, mask = batch
    layer = FrameProjection(4)
    layer.build(frames.shape)
    weights = weights_of(filled(layer))
    expected = np.clip(slow.normalised(frames @ weights["kernel"], weights), 0, 6)
    found = np.asarray(layer(frames, mask=mask))
    np.testing.assert_allclose(found, expected, atol=1e-3)
    assert found.min() == 0 and found.max() == 6


def test_a_hidden_layer_on_frames_tracks_the_biased_variance_of_valid_frames(batch):
    frames, num_frames, mask = batch
    layer = FrameProjection(frames.shape[-1])
    layer.build(frames.shape)
    layer.kernel.assign(np.eye(frames.shape[-1]))
    layer.normalisation.decay = 0.0
    layer(frames, mask=mask, training=True)
    _, biased, _ = slow.moments(frames.astype("float64"), num_frames)
    found = np.asarray(layer.normalisation.moving_variance)
    np.testing.assert_allclose(found, biased, rtol=1e-5)


def test_videos_are_padded_with_zeros_or_truncated():
    frames = np.float32([[[1.0], [2.0], [3.0]]])
    found = np.asarray(PadToLength(5)(frames))
    np.testing.assert_array_equal(found, [[[1.0], [2.0], [3.0], [0.0], [0.0]]])
    np.testing.assert_array_equal(np.asarray(PadToLength(2)(frames)), [[[1.0], [2.0]]])
