import keras
import numpy as np
import pytest

from tests.reference import layers as slow
from yt8m.layers.gru import GRU, BidirectionalGRU, FinalState

ORDER = ("gates_kernel", "gates_bias", "candidate_kernel", "candidate_bias")


def weights_in_order(layer):
    return [np.asarray(getattr(layer, name), "float64") for name in ORDER]


def keras_layout(weights, size):
    """The weights in the layout of a Keras GRU: update, reset, candidate in one kernel each."""
    gates_kernel, gates_bias, candidate_kernel, candidate_bias = weights
    kernel, bias = (
        np.concatenate([*np.split(gates, 2, axis=-1)[::-1], candidate], axis=-1)
        for gates, candidate in [(gates_kernel, candidate_kernel), (gates_bias, candidate_bias)]
    )
    return [kernel[:size], kernel[size:], bias]


@pytest.mark.parametrize("from_the_end", [False, True])
def test_a_gru_matches_the_loop_over_frames(batch, filled, from_the_end):
    frames, num_frames, mask = batch
    layer = GRU(5, from_the_end)
    layer.build(frames.shape)
    weights = weights_in_order(filled(layer))
    found = np.asarray(layer(frames, mask=mask))
    assert found.shape == (4, 7, 5)
    turn = slice(None, None, -1 if from_the_end else 1)
    for video, n in enumerate(num_frames):
        expected = slow.gru_states(frames[video, :n][turn], *weights)[turn]
        np.testing.assert_allclose(found[video, :n], expected, atol=1e-5)


def test_the_final_state_is_that_after_the_last_frame(batch, filled):
    frames, num_frames, mask = batch
    layer = FinalState(5)
    layer.build(frames.shape)
    weights = weights_in_order(filled(layer))
    expected = [
        slow.gru_states(v[:n], *weights)[-1] for v, n in zip(frames, num_frames, strict=True)
    ]
    np.testing.assert_allclose(np.asarray(layer(frames, mask=mask)), expected, atol=1e-5)


def test_three_hundred_frames_of_padding_do_not_change_a_bit_of_the_state(batch, filled):
    frames, _, mask = batch
    layer = FinalState(5)
    layer.build(frames.shape)
    filled(layer)
    longer = np.pad(frames, ((0, 0), (0, 300), (0, 0)))
    padded = layer(longer, mask=np.pad(mask, ((0, 0), (0, 300))))
    np.testing.assert_array_equal(np.asarray(padded), np.asarray(layer(frames, mask=mask)))


def test_one_cell_by_hand():
    layer = FinalState(1)
    layer.build((None, None, 1))
    layer.gates_kernel.assign([[np.log(3.0), 0.0], [0.0, 0.0]])  # reset 0.75, update 0.5
    layer.gates_bias.assign([0.0, 0.0])
    layer.candidate_kernel.assign([[np.arctanh(0.5)], [2.0]])
    found = np.asarray(layer(np.ones((1, 2, 1), "float32")))
    first = 0.5 * 0.5
    second = 0.5 * first + 0.5 * np.tanh(np.arctanh(0.5) + 2.0 * (0.75 * first))
    np.testing.assert_allclose(found, [[second]], atol=1e-6)


def test_each_direction_has_its_own_weights(batch, filled):
    frames, num_frames, mask = batch
    layer = BidirectionalGRU(6)
    layer.build(frames.shape)
    filled(layer)
    found = np.asarray(layer(frames, mask=mask))
    ahead, back = weights_in_order(layer.forward), weights_in_order(layer.backward)
    for video, n in enumerate(num_frames):
        forth = slow.gru_states(frames[video, :n], *ahead)
        returning = slow.gru_states(frames[video, :n][::-1], *back)[::-1]
        expected = np.concatenate([forth, returning], axis=1)
        np.testing.assert_allclose(found[video, :n], expected, atol=1e-5)


def test_half_of_an_odd_number_of_cells_is_rounded_down(batch):
    frames, _, mask = batch
    assert BidirectionalGRU(5)(frames, mask=mask).shape == (4, 7, 4)


def test_a_video_without_frames_keeps_the_state_it_started_with():
    frames, mask = np.ones((1, 3, 2), "float32"), np.zeros((1, 3), bool)
    np.testing.assert_array_equal(np.asarray(FinalState(2)(frames, mask=mask)), [[0.0, 0.0]])


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="uses TensorFlow's tape")
@pytest.mark.parametrize("from_the_end", [False, True])
def test_compiled_gradients_match_a_keras_gru(batch, filled, from_the_end):
    import tensorflow as tf

    frames, _, mask = batch
    size = frames.shape[-1]
    frames = np.where(mask[:, :, None], frames, 0.0).astype("float32")
    ours = GRU(5, from_the_end)
    ours.build(frames.shape)
    theirs = keras.layers.GRU(5, reset_after=False, return_sequences=True)
    theirs.build(frames.shape)
    theirs.set_weights(keras_layout(weights_in_order(filled(ours)), size))

    @tf.function
    def gradients(layer, frames, mask):
        with tf.GradientTape() as tape:
            states = layer(frames, mask=mask)
            loss = tf.reduce_sum(tf.where(mask[:, :, None], states, 0.0) ** 3)
        return tape.gradient(loss, [v.value for v in layer.trainable_variables])

    names = [v.name for v in ours.trainable_variables]
    found = dict(zip(names, gradients(ours, frames, mask), strict=True))
    found = keras_layout([found[name].numpy() for name in ORDER], size)
    # Turned around, the padding comes first, and a Keras GRU skips it there as well.
    turn = slice(None, None, -1 if from_the_end else 1)
    expected = gradients(theirs, frames[:, turn], mask[:, turn])
    for gradient, other in zip(found, expected, strict=True):
        assert np.abs(gradient).max() > 0.1
        np.testing.assert_allclose(gradient, other, rtol=1e-4, atol=1e-5)
