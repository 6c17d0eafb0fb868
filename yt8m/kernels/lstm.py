"""The recurrence of an LSTM in TensorFlow, with a gradient written out.

    gates  i, f, g, o = share + h W, through sigmoid, sigmoid, tanh, sigmoid
    memory c' = f c + i g            output h' = o tanh(c')

(Hochreiter & Schmidhuber 1997; Gers et al. 2000 for the forget gate.) What does not depend on the
step before is done for all steps at once: here all factors of the gradient but those that it is
multiplied with on its way back, and the gradient of W as one product.
"""

import numpy as np
import tensorflow as tf

KEEPING = 1e9
"""Added to the forget gate, and taken from the input gate, it keeps the memory what it was."""


def is_fastest() -> bool:
    """Whether there is no GPU, on which cuDNN is faster."""
    return not tf.config.get_visible_devices("GPU")


def lstm_states(shares, kernel, mask):
    """Outputs after each step and the memory after the last, from states of zeros.

    shares: what each step adds to the gates, biases included, float [T, B, 4 * C], in the order
        input, forget, candidate, output. kernel: W, float [C, 4 * C].
    mask: bool [T, B]; steps without it leave the memory as it is, and their outputs mean nothing.
    Returns float [T, B, C] and [B, C].
    """
    return _states(shares, tf.cast(tf.convert_to_tensor(kernel), shares.dtype), mask)


@tf.custom_gradient
def _states(shares, kernel, mask):
    exists = mask[:, :, None]
    keep = np.repeat(np.float32([-KEEPING, KEEPING, 0.0, 0.0]), kernel.shape[0])
    outputs, memories, scores = _forward(tf.where(exists, shares, keep), kernel)

    def gradient(d_outputs, d_memory):
        counts = tf.cast(exists, shares.dtype)
        d_scores = _backward(d_outputs, d_memory, memories, scores, kernel, counts)
        before = tf.concat([tf.zeros_like(outputs[:1]), outputs[:-1]], axis=0)
        return d_scores, tf.einsum("tbc,tbg->cg", before, d_scores), None

    return (outputs, memories[-1]), gradient


def _forward(shares, kernel):
    """Outputs and memories [T, B, C], and scores of the gates [T, B, 4 * C]."""
    steps = tf.shape(shares)[0]
    start = tf.zeros_like(shares[0, :, : kernel.shape[0]])
    inputs = tf.TensorArray(shares.dtype, steps).unstack(shares)
    written = tuple(tf.TensorArray(shares.dtype, steps) for _ in range(3))

    def step(t, output, memory, written):
        scores = inputs.read(t) + tf.matmul(output, kernel)
        i, f, g, o = tf.split(scores, 4, axis=1)
        memory = tf.sigmoid(f) * memory + tf.sigmoid(i) * tf.tanh(g)
        output = tf.sigmoid(o) * tf.tanh(memory)
        values = (output, memory, scores)
        written = tuple(a.write(t, v) for a, v in zip(written, values, strict=True))
        return t + 1, output, memory, written

    *_, written = tf.while_loop(lambda t, *_: t < steps, step, (0, start, start, written))
    return tuple(_stacked(array, shares) for array in written)


def _backward(d_outputs, d_memory, memories, scores, kernel, counts):
    """Gradient of the scores, [T, B, 4 * C], 0 where `counts`, [T, B, 1], are."""
    i, f, g, o = tf.split(scores, 4, axis=2)
    i, f, g, o = tf.sigmoid(i), tf.sigmoid(f), tf.tanh(g), tf.sigmoid(o)
    squashed = tf.tanh(memories)
    before = tf.concat([tf.zeros_like(memories[:1]), memories[:-1]], axis=0)
    through = counts * o * (1.0 - tf.square(squashed))  # of the memory, by the output
    factors = tf.concat(
        [
            g * i * (1.0 - i),
            before * f * (1.0 - f),
            i * (1.0 - tf.square(g)),
            counts * squashed * o * (1.0 - o),
        ],
        axis=2,
    )
    steps, turned = tf.shape(scores)[0], tf.transpose(kernel)  # turned once, not at every step
    arrays = [
        tf.TensorArray(scores.dtype, steps).unstack(values)
        for values in (d_outputs, through, factors, f)
    ]
    found = tf.TensorArray(scores.dtype, steps)

    def step(t, d_output, d_memory, found):
        d_output_t, through_t, factors_t, f_t = (array.read(t) for array in arrays)
        d_output += d_output_t
        d_memory += d_output * through_t
        d_scores = tf.concat([d_memory, d_memory, d_memory, d_output], axis=1) * factors_t
        found = found.write(t, d_scores)
        return t - 1, tf.matmul(d_scores, turned), d_memory * f_t, found

    start = (steps - 1, tf.zeros_like(d_memory), d_memory, found)
    *_, found = tf.while_loop(lambda t, *_: t >= 0, step, start)
    return _stacked(found, scores)


def _stacked(array: tf.TensorArray, like: tf.Tensor) -> tf.Tensor:
    """All of an array's values, of which the first two axes, [T, B], are those of `like`."""
    values = array.stack()
    values.set_shape([*like.shape[:2], values.shape[-1]])
    return values
