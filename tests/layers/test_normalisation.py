import keras
import numpy as np
import pytest

from tests.reference import layers as slow
from yt8m.layers.normalisation import BatchNorm, unit_columns, unit_length


def test_a_vector_is_scaled_to_length_one_and_zero_stays_zero():
    found = np.asarray(unit_length(np.float32([[3.0, 4.0], [0.0, 0.0]])))
    np.testing.assert_allclose(found, [[0.6, 0.8], [0.0, 0.0]], atol=1e-7)


def test_a_batch_is_normalised_by_the_statistics_of_its_valid_frames(batch):
    frames, num_frames, mask = batch
    mean, variance, _ = slow.moments(frames.astype("float64"), num_frames)
    found = np.asarray(BatchNorm()(frames, mask=mask, training=True))
    expected = (frames - mean) / np.sqrt(variance + 1e-3)
    np.testing.assert_allclose(found[mask], expected[mask], atol=1e-5)


@pytest.mark.parametrize("unbiased", [True, False])
def test_moving_statistics_track_the_valid_frames(batch, unbiased):
    frames, num_frames, mask = batch
    mean, biased, corrected = slow.moments(frames.astype("float64"), num_frames)
    layer = BatchNorm(decay=0.9, unbiased=unbiased)
    layer(frames, mask=mask, training=True)
    layer(frames, mask=mask, training=True)
    variance = corrected if unbiased else biased
    np.testing.assert_allclose(np.asarray(layer.moving_mean), 0.19 * mean, atol=1e-6)
    np.testing.assert_allclose(np.asarray(layer.moving_variance), 0.81 + 0.19 * variance, atol=1e-6)
    assert float(layer.updates) == 2


def test_the_variance_of_a_single_frame_stays_finite():
    layer = BatchNorm(decay=0.0)
    layer(np.float32([[1.0, 2.0]]), training=True)
    np.testing.assert_array_equal(np.asarray(layer.moving_mean), [1.0, 2.0])
    np.testing.assert_array_equal(np.asarray(layer.moving_variance), [0.0, 0.0])


def test_a_batch_without_a_valid_frame_gives_finite_numbers():
    layer = BatchNorm()
    found = layer(np.ones((2, 3, 4), "float32"), mask=np.zeros((2, 3), bool), training=True)
    assert np.isfinite(np.asarray(found)).all()
    assert np.isfinite(np.asarray(layer.moving_variance)).all()


def test_warm_up_reaches_the_data_in_a_few_steps():
    values = np.random.default_rng(0).normal(4.0, 2.0, (500, 2)).astype("float32")
    slow_start, quick = BatchNorm(), BatchNorm()
    quick.warm_up = True  # as a training loop would, before it compiles its step
    for _ in range(20):
        slow_start(values, training=True)
        quick(values, training=True)
    # What is left of the start is the product of (1 + n) / (10 + n).
    assert abs(float(quick.moving_mean[0]) - values[:, 0].mean()) < 1e-4
    assert abs(float(slow_start.moving_mean[0]) - values[:, 0].mean()) > 3.0


def test_warm_up_never_exceeds_the_decay():
    layer = BatchNorm(decay=0.5, warm_up=True)
    layer.build((None, 1))
    found = []
    for n in (0, 1, 8, 1000):
        layer.updates.assign(n)
        found.append(float(layer.effective_decay()))
    np.testing.assert_allclose(found, [0.1, 2 / 11, 0.5, 0.5], rtol=1e-6)


def test_inference_uses_the_moving_statistics_and_does_not_update_them(batch, filled, weights_of):
    frames, _, mask = batch
    layer = BatchNorm()
    layer.build(frames.shape)
    filled(layer)
    before = weights_of(layer)
    found = np.asarray(layer(frames, mask=mask))
    np.testing.assert_allclose(found, slow.normalised(frames, before), rtol=1e-4, atol=1e-4)
    after = weights_of(layer)
    assert all((before[k] == after[k]).all() for k in before)


def test_a_stateless_call_returns_the_new_statistics_and_changes_nothing(batch):
    frames, num_frames, mask = batch
    layer = BatchNorm(decay=0.9)
    layer.build(frames.shape)
    _, states = layer.stateless_call(
        layer.trainable_variables, layer.non_trainable_variables, frames, mask=mask, training=True
    )
    names = [v.name for v in layer.non_trainable_variables]
    found = dict(zip(names, states, strict=True))
    mean, _, _ = slow.moments(frames.astype("float64"), num_frames)
    np.testing.assert_allclose(np.asarray(found["moving_mean"]), 0.1 * mean, atol=1e-6)
    assert float(found["updates"]) == 1
    assert float(layer.updates) == 0


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="about TensorFlow's graphs")
def test_one_compiled_step_serves_batches_of_any_size(batch):
    import tensorflow as tf

    frames, _, mask = batch
    compiled, eager = BatchNorm(warm_up=True), BatchNorm(warm_up=True)
    compiled.build(frames.shape)
    traces = []

    @tf.function(
        input_signature=[
            tf.TensorSpec((None, None, frames.shape[-1])),
            tf.TensorSpec((None, None), tf.bool),
        ]
    )
    def step(frames, mask):
        traces.append(1)
        return compiled(frames, mask=mask, training=True)

    for videos, time in [(4, 7), (2, 7), (3, 5)]:
        part, part_mask = frames[:videos, :time], mask[:videos, :time]
        expected = eager(part, mask=part_mask, training=True)
        np.testing.assert_allclose(step(part, part_mask), expected, atol=1e-5)
    assert len(traces) == 1
    for ours, theirs in zip(compiled.weights, eager.weights, strict=True):
        np.testing.assert_allclose(np.asarray(ours), np.asarray(theirs), atol=1e-6)


def test_unit_columns_are_columns_and_then_a_whole_of_length_one():
    values = np.random.default_rng(0).normal(size=(3, 5, 4)).astype("float32")
    values[1, :, 2] = 0.0  # a column without frames
    values[2] = 0.0  # a video without frames
    columns = unit_length(values, axis=1)
    expected = unit_length(keras.ops.reshape(columns, (3, 20)))
    np.testing.assert_allclose(unit_columns(values), expected, atol=1e-6)
