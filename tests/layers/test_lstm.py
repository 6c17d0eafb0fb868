import keras
import numpy as np
import pytest
import tensorflow as tf

from yt8m.layers.lstm import lstm

MASK = np.arange(7)[None] < np.array([7, 1, 4, 6])[:, None]


def pair():
    """Ours and Keras' own, with the same weights."""
    ours = lstm(5, 6, return_sequences=True, return_state=True)
    keras_own = keras.layers.LSTM(5, return_sequences=True, return_state=True)
    random = np.random.default_rng(1)
    for layer in (ours, keras_own):
        layer.build((None, None, 6))
    weights = [random.normal(size=w.shape).astype("float32") for w in ours.get_weights()]
    for layer in (ours, keras_own):
        layer.set_weights(weights)
    return ours, keras_own


def frames() -> tf.Tensor:
    values = np.random.default_rng(2).normal(size=(4, 7, 6))
    return tf.constant(values, tf.float32)


def test_the_states_match_a_keras_lstm():
    ours, keras_own = (layer(frames(), mask=MASK) for layer in pair())
    np.testing.assert_allclose(ours[0][MASK], keras_own[0][MASK], atol=1e-6)
    for found, expected in zip(ours[1:], keras_own[1:], strict=True):
        np.testing.assert_allclose(found, expected, atol=1e-6)


@pytest.mark.parametrize("compiled", [False, True])
@pytest.mark.parametrize("result", ["outputs", "output", "memory"])
def test_the_explicit_gradient_matches_automatic_differentiation(result, compiled):
    coefficients = tf.constant(np.random.default_rng(3).normal(size=(4, 7, 5)), tf.float32)
    mask = tf.constant(MASK, tf.float32)[:, :, None]

    def gradients(layer):
        inputs = frames()
        with tf.GradientTape() as tape:
            tape.watch(inputs)
            outputs, output, memory = layer(inputs, mask=MASK, training=True)
            values = {
                "outputs": outputs * mask,
                "output": output[:, None],
                "memory": memory[:, None],
            }
            looked_at = values[result] * coefficients[:, : 1 if result != "outputs" else 7]
            loss = tf.reduce_sum(looked_at)
        return tape.gradient(loss, [inputs, *(v.value for v in layer.trainable_variables)])

    if compiled:
        gradients = tf.function(gradients)
    ours, keras_own = (gradients(layer) for layer in pair())
    for found, expected in zip(ours, keras_own, strict=True):
        np.testing.assert_allclose(found, expected, atol=2e-5)
