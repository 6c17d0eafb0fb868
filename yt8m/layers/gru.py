"""Gated recurrent units (GRU) over the frames that exist."""

from keras import ops

from yt8m.layers.base import MaskedLayer, glorot

KEEPING = 1e9
"""Added to the update gate, it saturates the gate at 1, so that the state does not change."""


def next_state(state, projection, gates_kernel, candidate_kernel):
    """One step of a gated recurrent unit (Cho et al. 2014, arXiv:1406.1078, equations 5 to 8).

    The reset gate acts on the state before it is multiplied by its kernel.

    state: float [B, N]. projection: a frame after the input kernels and biases of the reset gate,
    the update gate and the candidate, float [B, 3 * N]. Kernels of the state: [N, 2 * N], [N, N].
    """
    gates, candidate = ops.split(projection, [gates_kernel.shape[-1]], axis=-1)
    reset, update = ops.split(ops.sigmoid(gates + ops.matmul(state, gates_kernel)), 2, axis=-1)
    candidate = ops.tanh(candidate + ops.matmul(reset * state, candidate_kernel))
    return update * state + (1.0 - update) * candidate


class GRU(MaskedLayer):
    """The state of a gated recurrent unit after each frame, float [B, T, cells].

    cuDNN does not offer this variant: it resets after the matmul. Here, the frames of all steps are
    projected by one matmul outside the recurrence. Gates and candidate have separate kernels, as in
    the original program, whose gradients are clipped per variable (a Keras GRU fuses them).

    cells: size of the state, N.
    from_the_end: whether to read each video's frames last to first.

    Weights: `gates_kernel` [F + N, 2 * N] (reset, then update; rows for the frame above those for
    the state), `gates_bias` [2 * N], `candidate_kernel` [F + N, N], `candidate_bias` [N].
    """

    def __init__(self, cells: int, from_the_end: bool = False, **kwargs):
        super().__init__(**kwargs)
        self.cells = cells
        self.from_the_end = from_the_end

    def build(self, input_shape):
        rows, cells = input_shape[-1] + self.cells, self.cells
        self.gates_kernel = self._kernel("gates_kernel", rows, 2 * cells)
        # Ones, as in the original: an untrained unit keeps more of its state than it replaces.
        self.gates_bias = self.add_weight((2 * cells,), "ones", name="gates_bias")
        self.candidate_kernel = self._kernel("candidate_kernel", rows, cells)
        self.candidate_bias = self.add_weight((cells,), "zeros", name="candidate_bias")

    def _kernel(self, name: str, rows: int, columns: int):
        return self.add_weight((rows, columns), glorot(rows, columns), name=name)

    def call(self, frames, mask=None):
        """frames: float [B, T, F]; mask: bool [B, T], True up to a video's end.

        Returns float [B, T, cells]; undefined past the end.
        """
        _, states = self.run(frames, mask)
        return ops.transpose(states, (1, 0, 2))

    def run(self, frames, mask=None):
        """The state after all frames, [B, cells], and after each of them, [T, B, cells]."""
        size = frames.shape[-1]
        kernels = [self.gates_kernel[size:], self.candidate_kernel[size:]]
        kernels = [ops.cast(kernel, "float32") for kernel in kernels]

        def step(state, projection):
            state = next_state(state, projection, *kernels)
            return state, state

        start = ops.zeros((ops.shape(frames)[0], self.cells), "float32")
        projections = ops.cast(self._projections(frames, mask), "float32")
        return ops.scan(step, start, projections, reverse=self.from_the_end)

    def _projections(self, frames, mask):
        """Each frame after the input kernels and biases, float [T, B, 3 * cells]."""
        size = frames.shape[-1]
        kernels = [self.gates_kernel[:size], self.candidate_kernel[:size]]
        bias = ops.concatenate([self.gates_bias, self.candidate_bias])
        frames = ops.transpose(frames, (1, 0, 2))
        projections = ops.matmul(frames, ops.concatenate(kernels, axis=1)) + bias
        if mask is None:
            return projections
        return ops.where(ops.transpose(mask)[:, :, None], projections, KEEPING)

    def get_config(self):
        return {**super().get_config(), "cells": self.cells, "from_the_end": self.from_the_end}


class FinalState(GRU):
    """The state of a GRU after the last frame, with the settings and weights of `GRU`."""

    def call(self, frames, mask=None):
        """frames: float [B, T, F]; mask: bool [B, T], True up to a video's end; -> [B, cells]."""
        state, _ = self.run(frames, mask)
        return state


class BidirectionalGRU(MaskedLayer):
    """Two GRUs in opposite directions, concatenated (Schuster & Paliwal 1997).

    cells: size of both states together; each has half of it, rounded down.

    Weights: those of `forward` and `backward`.
    """

    def __init__(self, cells: int, **kwargs):
        super().__init__(**kwargs)
        self.cells = cells

    def build(self, input_shape):
        self.forward = GRU(self.cells // 2, name="forward")
        self.backward = GRU(self.cells // 2, from_the_end=True, name="backward")
        self.forward.build(input_shape)
        self.backward.build(input_shape)

    def call(self, frames, mask=None):
        """frames: float [B, T, F]; mask: bool [B, T], True up to a video's end.

        Returns float [B, T, 2 * (cells // 2)]; undefined past the end.
        """
        return ops.concatenate(
            [self.forward(frames, mask=mask), self.backward(frames, mask=mask)], axis=-1
        )

    def get_config(self):
        return {**super().get_config(), "cells": self.cells}
