"""The recurrence of an LSTM in TensorFlow, with a hand-written gradient.

    gates       i, f, g, o = projection + h W, through sigmoid, sigmoid, tanh, sigmoid
    cell state  c' = f c + i g            output  h' = o tanh(c')

(Hochreiter & Schmidhuber 1997; Gers et al. 2000 for the forget gate.) Whatever does not depend on
the previous step is computed for all steps at once: all local factors of the gradient outside the
backward loop, and the gradient of W as one matrix product.
"""

import numpy as np
import tensorflow as tf

KEEPING = 1e9
"""Added to the forget gate and subtracted from the input gate, it preserves the cell state."""


def is_fastest() -> bool:
    """Whether there is no GPU, on which cuDNN is faster."""
    return not tf.config.get_visible_devices("GPU")


def lstm_states(projections, kernel, mask):
    """Outputs after each step and the cell state after the last, from states of zeros.

    projections: each step's input after its kernel and bias, float [T, B, 4 * C], in the order
        input gate, forget gate, candidate, output gate. kernel: W, float [C, 4 * C].
    mask: bool [T, B]; steps where it is False keep the cell state, and their outputs are undefined.
    Returns float [T, B, C] and [B, C].
    """
    return _states(projections, tf.cast(tf.convert_to_tensor(kernel), projections.dtype), mask)


@tf.custom_gradient
def _states(projections, kernel, mask):
    exists = mask[:, :, None]
    keep = np.repeat(np.float32([-KEEPING, KEEPING, 0.0, 0.0]), kernel.shape[0])
    outputs, cells, logits = _forward(tf.where(exists, projections, keep), kernel)

    def gradient(d_outputs, d_cell):
        counts = tf.cast(exists, projections.dtype)
        d_logits = _backward(d_outputs, d_cell, cells, logits, kernel, counts)
        before = tf.concat([tf.zeros_like(outputs[:1]), outputs[:-1]], axis=0)
        return d_logits, tf.einsum("tbc,tbg->cg", before, d_logits), None

    return (outputs, cells[-1]), gradient


def _forward(projections, kernel):
    """Outputs and cell states [T, B, C], and logits of the gates [T, B, 4 * C]."""
    steps = tf.shape(projections)[0]
    start = tf.zeros_like(projections[0, :, : kernel.shape[0]])
    inputs = tf.TensorArray(projections.dtype, steps).unstack(projections)
    written = tuple(tf.TensorArray(projections.dtype, steps) for _ in range(3))

    def step(t, output, cell, written):
        logits = inputs.read(t) + tf.matmul(output, kernel)
        i, f, g, o = tf.split(logits, 4, axis=1)
        cell = tf.sigmoid(f) * cell + tf.sigmoid(i) * tf.tanh(g)
        output = tf.sigmoid(o) * tf.tanh(cell)
        values = (output, cell, logits)
        written = tuple(a.write(t, v) for a, v in zip(written, values, strict=True))
        return t + 1, output, cell, written

    *_, written = tf.while_loop(lambda t, *_: t < steps, step, (0, start, start, written))
    return tuple(_stacked(array, projections) for array in written)


def _backward(d_outputs, d_cell, cells, logits, kernel, counts):
    """Gradient by the logits, [T, B, 4 * C]; 0 where `counts`, [T, B, 1], are 0."""
    i, f, g, o = tf.split(logits, 4, axis=2)
    i, f, g, o = tf.sigmoid(i), tf.sigmoid(f), tf.tanh(g), tf.sigmoid(o)
    squashed = tf.tanh(cells)
    before = tf.concat([tf.zeros_like(cells[:1]), cells[:-1]], axis=0)
    through = counts * o * (1.0 - tf.square(squashed))  # d output / d cell state
    factors = tf.concat(
        [
            g * i * (1.0 - i),
            before * f * (1.0 - f),
            i * (1.0 - tf.square(g)),
            counts * squashed * o * (1.0 - o),
        ],
        axis=2,
    )
    steps, transposed = tf.shape(logits)[0], tf.transpose(kernel)  # once, not at every step
    arrays = [
        tf.TensorArray(logits.dtype, steps).unstack(values)
        for values in (d_outputs, through, factors, f)
    ]
    found = tf.TensorArray(logits.dtype, steps)

    def step(t, d_output, d_cell, found):
        d_output_t, through_t, factors_t, f_t = (array.read(t) for array in arrays)
        d_output += d_output_t
        d_cell += d_output * through_t
        d_logits = tf.concat([d_cell, d_cell, d_cell, d_output], axis=1) * factors_t
        found = found.write(t, d_logits)
        return t - 1, tf.matmul(d_logits, transposed), d_cell * f_t, found

    start = (steps - 1, tf.zeros_like(d_cell), d_cell, found)
    *_, found = tf.while_loop(lambda t, *_: t >= 0, step, start)
    return _stacked(found, logits)


def _stacked(array: tf.TensorArray, like: tf.Tensor) -> tf.Tensor:
    """All values of an array as one tensor, whose first two axes, [T, B], are those of `like`."""
    values = array.stack()
    values.set_shape([*like.shape[:2], values.shape[-1]])
    return values
