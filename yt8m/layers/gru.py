"""Gated recurrent units over the frames that exist."""

from keras import ops

from yt8m.layers.base import MaskedLayer, glorot

KEEPING = 1e9
"""Where a frame adds this to the update gate, the gate is 1 and the state stays what it was."""


def next_state(state, share, gates_kernel, candidate_kernel):
    """One step of a gated recurrent unit (Cho et al. 2014, arXiv:1406.1078, equations 5 to 8).

    The reset gate acts on the state before the state meets its kernel.

    state: float [B, N]. share: what a frame adds to the reset gate, the update gate and the
    candidate, biases included, float [B, 3 * N]. Kernels of the state: [N, 2 * N], [N, N].
    """
    gates, candidate = ops.split(share, [gates_kernel.shape[-1]], axis=-1)
    reset, update = ops.split(ops.sigmoid(gates + ops.matmul(state, gates_kernel)), 2, axis=-1)
    candidate = ops.tanh(candidate + ops.matmul(reset * state, candidate_kernel))
    return update * state + (1.0 - update) * candidate


class GRU(MaskedLayer):
    """The state of a gated recurrent unit after each frame, float [B, T, cells].

    cuDNN has no such unit: it resets after the matmul. Here, what the frames add to all steps is
    one matmul outside the recurrence. Gates and candidates have kernels of their own, as in the
    original program, whose gradients are clipped one variable at a time (a Keras GRU fuses them).

    cells: size of the state, N.
    from_the_end: read each video's frames last to first.

    Weights: `gates_kernel` [F + N, 2 * N] (reset, then update; the rows of the frames above those
    of the state), `gates_bias` [2 * N], `candidate_kernel` [F + N, N], `candidate_bias` [N].
    """

    def __init__(self, cells: int, from_the_end: bool = False, **kwargs):
        super().__init__(**kwargs)
        self.cells = cells
        self.from_the_end = from_the_end

    def build(self, input_shape):
        rows, cells = input_shape[-1] + self.cells, self.cells
        self.gates_kernel = self._kernel("gates_kernel", rows, 2 * cells)
        # Ones, as in the original: at the start, more of a state is kept than replaced.
        self.gates_bias = self.add_weight((2 * cells,), "ones", name="gates_bias")
        self.candidate_kernel = self._kernel("candidate_kernel", rows, cells)
        self.candidate_bias = self.add_weight((cells,), "zeros", name="candidate_bias")

    def _kernel(self, name: str, rows: int, columns: int):
        return self.add_weight((rows, columns), glorot(rows, columns), name=name)

    def call(self, frames, mask=None):
        """frames: float [B, T, F]; mask: bool [B, T], True up to a video's end.

        Returns float [B, T, cells]; past the end it means nothing.
        """
        _, states = self.run(frames, mask)
        return ops.transpose(states, (1, 0, 2))

    def run(self, frames, mask=None):
        """The state after all frames, [B, cells], and after each of them, [T, B, cells]."""
        size = frames.shape[-1]
        kernels = [self.gates_kernel[size:], self.candidate_kernel[size:]]
        kernels = [ops.cast(kernel, "float32") for kernel in kernels]

        def step(state, share):
            state = next_state(state, share, *kernels)
            return state, state

        start = ops.zeros((ops.shape(frames)[0], self.cells), "float32")
        shares = ops.cast(self._shares(frames, mask), "float32")
        return ops.scan(step, start, shares, reverse=self.from_the_end)

    def _shares(self, frames, mask):
        """What each frame adds to the gates and the candidate, float [T, B, 3 * cells]."""
        size = frames.shape[-1]
        kernels = [self.gates_kernel[:size], self.candidate_kernel[:size]]
        bias = ops.concatenate([self.gates_bias, self.candidate_bias])
        frames = ops.transpose(frames, (1, 0, 2))
        shares = ops.matmul(frames, ops.concatenate(kernels, axis=1)) + bias
        if mask is None:
            return shares
        return ops.where(ops.transpose(mask)[:, :, None], shares, KEEPING)

    def get_config(self):
        return {**super().get_config(), "cells": self.cells, "from_the_end": self.from_the_end}


class FinalState(GRU):
    """The state of a gated recurrent unit after the last frame: settings and weights of `GRU`."""

    def call(self, frames, mask=None):
        """frames: float [B, T, F]; mask: bool [B, T], True up to a video's end; -> [B, cells]."""
        state, _ = self.run(frames, mask)
        return state


class BidirectionalGRU(MaskedLayer):
    """Two GRUs, first to last frame and back, side by side (Schuster & Paliwal 1997).

    cells: of both together; each has half of them, rounded down.

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

        Returns float [B, T, 2 * (cells // 2)]; past the end it means nothing.
        """
        return ops.concatenate(
            [self.forward(frames, mask=mask), self.backward(frames, mask=mask)], axis=-1
        )

    def get_config(self):
        return {**super().get_config(), "cells": self.cells}
