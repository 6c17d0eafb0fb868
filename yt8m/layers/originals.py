"""What the original program called its variables, and how it laid them out.

Weights of 2018 are read, and numbers of the original compared with ours, through these.
No Keras here: the recipes import this file.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import numpy as np

Arrays = tuple[np.ndarray, ...]


@dataclass(frozen=True)
class Original:
    """One variable of the original and those of ours that hold its values.

    name: the original's name of the variable, such as "tower/experts/weights".
    paths: our variables, by `variable.path`.
    split: from the original's array to ours.
    join: from our arrays to the original's.
    shift: function of the size of our first array, to what is added to it after the split.
        None: nothing. Gradients and other differences are not shifted.
    """

    name: str
    paths: tuple[str, ...]
    split: Callable[[np.ndarray], Arrays]
    join: Callable[..., np.ndarray]
    shift: Callable[[int], np.ndarray] | None = None

    def ours(self, array: np.ndarray, shifted: bool = True) -> dict[str, np.ndarray]:
        """The original's array as ours, by path. shifted: False for gradients."""
        parts = list(self.split(np.asarray(array)))
        if shifted and self.shift is not None:
            parts[0] = parts[0] + self.shift(parts[0].size)
        return dict(zip(self.paths, parts, strict=True))

    def theirs(self, *parts: np.ndarray, shifted: bool = True) -> np.ndarray:
        """Our arrays, in the order of `paths`, as the original's. shifted: False for gradients."""
        first, *rest = (np.asarray(p) for p in parts)
        if shifted and self.shift is not None:
            first = first - self.shift(first.size)
        return self.join(first, *rest)


def same(name: str, path: str) -> Original:
    """A variable that is laid out as ours."""
    return Original(name, (path,), lambda array: (array,), lambda part: part)


def without_first_axis(name: str, path: str) -> Original:
    """A variable with a first axis of size 1 that ours does not have."""
    return Original(name, (path,), lambda array: (array[0],), lambda part: part[None])


def batch_norm(name: str, path: str) -> list[Original]:
    """The four variables of a batch normalisation (ours counts its updates besides)."""
    parts = ("gamma", "beta", "moving_mean", "moving_variance")
    return [same(f"{name}/{part}", f"{path}/{part}") for part in parts]


def lstm(name: str, path: str) -> list[Original]:
    """The two variables of a BasicLSTMCell, as a Keras LSTM's three.

    The original's gates stand in the order input, candidate, forget, output; Keras has forget
    before candidate. The original adds 1 to the forget gate at run time; Keras keeps it in the
    bias. The original's one kernel has the rows of the inputs above those of the state.
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
    """The four variables of a GRUCell: `yt8m.layers.gru.GRU` lays them out alike."""
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


def fully_connected(number: int) -> str:
    """The original's scope of the layer that was made after `number` others of its kind."""
    return f"tower/fully_connected_{number}" if number else "tower/fully_connected"


def after_fully_connected(number: int, originals: Iterable[Original]) -> list[Original]:
    """A classifier's variables as they are called when `number` such layers come before it."""
    first, here = f"{fully_connected(0)}/", f"{fully_connected(number)}/"
    return [replace(o, name=o.name.replace(first, here)) for o in originals]


def _swapped(array: np.ndarray) -> np.ndarray:
    """The second and third quarter of the last axis in each other's place."""
    first, second, third, fourth = np.split(array, 4, axis=-1)
    return np.concatenate([first, third, second, fourth], axis=-1)


def _inputs_and_state(kernel: np.ndarray) -> Arrays:
    cells = kernel.shape[1] // 4
    return tuple(np.split(_swapped(kernel), [len(kernel) - cells]))


def _one_for_forget(size: int) -> np.ndarray:
    return np.repeat(np.float32([0, 1, 0, 0]), size // 4)
