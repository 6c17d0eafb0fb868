"""Recurrent layers over the frames that exist."""

from keras import ops

from yt8m.layers.base import MaskedLayer
from yt8m.layers.lstm import lstm


def from_first_frame(mask):
    """`mask` with the first frame of every video set to True; bool [B, T].

    cuDNN refuses videos without frames. Such a video reads its first frame, which is all zeros.
    """
    first = ops.arange(ops.shape(mask)[1]) == 0
    return ops.logical_or(mask, first[None, :])


def backwards(frames, mask):
    """Each video's frames last to first; padding stays in place.

    frames: float [B, T, F]; mask: bool [B, T], True up to a video's end; -> float [B, T, F].
    """
    batch, time = ops.shape(frames)[0], ops.shape(frames)[1]
    position = ops.arange(time, dtype="int32")[None, :]
    ends = ops.sum(ops.cast(mask, "int32"), axis=1, keepdims=True)
    source = ops.where(mask, ends - 1 - position, position)  # [B, T]
    rows = source + time * ops.arange(batch, dtype="int32")[:, None]
    flat = ops.reshape(frames, (-1, frames.shape[-1]))  # [B * T, F]
    return ops.reshape(ops.take(flat, ops.reshape(rows, (-1,)), axis=0), ops.shape(frames))


class BidirectionalLSTM(MaskedLayer):
    """Two LSTMs in opposite directions, concatenated (Schuster & Paliwal 1997).

    cells: size of both states together; each has half of it, rounded down.

    Weights: those of `forward` and `backward`.
    """

    def __init__(self, cells: int, **kwargs):
        super().__init__(**kwargs)
        self.cells = cells

    def build(self, input_shape):
        half, size = self.cells // 2, input_shape[-1]
        self.forward = lstm(half, size, return_sequences=True, name="forward")
        self.backward = lstm(half, size, return_sequences=True, name="backward")
        self.forward.build(input_shape)
        self.backward.build(input_shape)

    def call(self, frames, mask):
        """frames: float [B, T, F]; mask: bool [B, T], True up to a video's end.

        Returns float [B, T, 2 * (cells // 2)]; undefined past the end.
        """
        mask = from_first_frame(mask)
        ahead = self.forward(frames, mask=mask)
        back = self.backward(backwards(frames, mask), mask=mask)
        return ops.concatenate([ahead, backwards(back, mask)], axis=-1)

    def get_config(self):
        return {**super().get_config(), "cells": self.cells}


class FinalMemory(MaskedLayer):
    """The cell state c of an LSTM after the last frame (not its output h).

    cells: size of the state.

    Weights: those of `lstm`.
    """

    def __init__(self, cells: int, **kwargs):
        super().__init__(**kwargs)
        self.cells = cells

    def build(self, input_shape):
        self.lstm = lstm(self.cells, input_shape[-1], return_state=True, name="lstm")
        self.lstm.build(input_shape)

    def call(self, frames, mask):
        """frames: float [B, T, F]; mask: bool [B, T], True up to a video's end; -> [B, cells]."""
        _, _, cell_state = self.lstm(frames, mask=from_first_frame(mask))
        return cell_state

    def get_config(self):
        return {**super().get_config(), "cells": self.cells}


class FinalOutput(MaskedLayer):
    """The output h of the top LSTM of a stack after the last frame.

    cells: size of each LSTM's state.
    layers: number of LSTMs; each reads the outputs of the one below.

    Weights: those of `lstm_0`, `lstm_1` and so on.
    """

    def __init__(self, cells: int, layers: int = 1, **kwargs):
        super().__init__(**kwargs)
        self.cells = cells
        self.layers = layers

    def build(self, input_shape):
        *outer, size = input_shape
        self.stack = []
        for i in range(self.layers):
            below_the_top = i < self.layers - 1
            layer = lstm(self.cells, size, return_sequences=below_the_top, name=f"lstm_{i}")
            layer.build((*outer, size))
            self.stack.append(layer)
            size = self.cells

    def call(self, frames, mask):
        """frames: float [B, T, F]; mask: bool [B, T], True up to a video's end; -> [B, cells]."""
        mask, outputs = from_first_frame(mask), frames
        for layer in self.stack:
            outputs = layer(outputs, mask=mask)
        return outputs

    def get_config(self):
        return {**super().get_config(), "cells": self.cells, "layers": self.layers}
