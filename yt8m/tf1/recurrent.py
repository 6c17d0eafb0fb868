"""The original's variables of recurrent cells, and how they map to ours."""

import numpy as np

from yt8m.tf1.original import Arrays, Original, same


def lstm(name: str, path: str) -> list[Original]:
    """The two variables of a BasicLSTMCell, as a Keras LSTM's three.

    The original's gates are in the order input, candidate, forget, output; Keras has forget
    before candidate. The original adds 1 to the forget gate at run time; Keras includes it in the
    bias. The original's single kernel has the rows of the inputs above those of the state.
    """
    kernel = Original(
        f"{name}/kernel",
        (f"{path}/lstm_cell/kernel", f"{path}/lstm_cell/recurrent_kernel"),
        _inputs_and_state,
        lambda inputs, state: _swapped(np.concatenate([inputs, state])),
    )
    bias = Original(
        f"{name}/bias",
        (f"{path}/lstm_cell/bias",),
        lambda array: (_swapped(array),),
        _swapped,
        _one_for_forget,
    )
    return [kernel, bias]


def gru(name: str, path: str) -> list[Original]:
    """The four variables of a GRUCell, which `yt8m.layers.gru.GRU` has in the same layout."""
    return [
        same(f"{name}/{variable}", f"{path}/{variable.replace('/', '_')}")
        for variable in ("gates/kernel", "gates/bias", "candidate/kernel", "candidate/bias")
    ]


def gru_on_two_directions(name: str, lower: str, upper: str) -> list[Original]:
    """The variables of a bidirectional GRU and of the one that reads it.

    name: the original's scope of both. lower, upper: paths of ours.
    """
    both, cell = f"{name}/bidirectional_rnn", "multi_rnn_cell/cell_0/gru_cell"
    return [
        *gru(f"{both}/fw/{cell}", f"{lower}/forward"),
        *gru(f"{both}/bw/{cell}", f"{lower}/backward"),
        *gru(f"{name}/rnn/{cell}", upper),
    ]


def _swapped(array: np.ndarray) -> np.ndarray:
    """The array with the second and third quarter of the last axis swapped."""
    first, second, third, fourth = np.split(array, 4, axis=-1)
    return np.concatenate([first, third, second, fourth], axis=-1)


def _inputs_and_state(kernel: np.ndarray) -> Arrays:
    cells = kernel.shape[1] // 4
    return tuple(np.split(_swapped(kernel), [len(kernel) - cells]))


def _one_for_forget(size: int) -> np.ndarray:
    return np.repeat(np.float32([0, 1, 0, 0]), size // 4)
