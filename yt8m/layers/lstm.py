"""An LSTM with a fast recurrence on CPUs, and cuDNN's on GPUs."""

import keras
from keras import ops

from yt8m.layers.base import glorot


class LSTM(keras.layers.LSTM):
    """A Keras LSTM (Hochreiter & Schmidhuber 1997) that also trains fast without a GPU.

    Without a GPU, training under TensorFlow uses the recurrence of `yt8m.kernels.lstm`. Everything
    else is Keras' own: cuDNN's kernel on a GPU, and a loop that can be exported.
    """

    @property
    def variables(self):
        """Without the seed of the unused dropout, whose name differs from model to model."""
        return self.weights

    def inner_loop(self, sequences, initial_state, mask, training=False):
        """Keras' hook. sequences: float [B, T, F]; mask: bool [B, T], True up to a video's end.

        Returns the last output, the outputs [B, T, cells] and the last states; outputs past a
        video's end are undefined. The initial state is zeros.
        """
        if not training or keras.backend.backend() != "tensorflow":
            return super().inner_loop(sequences, initial_state, mask, training)
        from yt8m.kernels.lstm import is_fastest, lstm_states

        if not is_fastest():
            return super().inner_loop(sequences, initial_state, mask, training)
        cell = self.cell
        frames = ops.transpose(sequences, (1, 0, 2))
        projections = ops.matmul(frames, cell.kernel) + cell.bias  # [T, B, 4 * cells]
        projections = ops.cast(projections, "float32")
        outputs, final = lstm_states(projections, cell.recurrent_kernel, ops.transpose(mask))
        outputs = ops.transpose(outputs, (1, 0, 2))
        ends = ops.sum(ops.cast(mask, "int32"), axis=1, keepdims=True) - 1
        is_last = ops.arange(ops.shape(mask)[1], dtype="int32")[None, :] == ends  # [B, T]
        last = ops.sum(outputs * ops.cast(is_last, outputs.dtype)[:, :, None], axis=1)
        return last, outputs, [last, final]


def lstm(cells: int, inputs: int, **kwargs) -> LSTM:
    """An LSTM whose two kernels start as parts of one Glorot matrix, and its forget bias at 1.

    cells: size of its state.
    inputs: size of its input.
    """
    return LSTM(
        cells,
        kernel_initializer=glorot(inputs + cells, 4 * cells),
        recurrent_initializer=glorot(inputs + cells, 4 * cells),
        **kwargs,
    )
