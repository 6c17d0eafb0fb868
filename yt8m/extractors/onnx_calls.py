"""Running a network in ONNX."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from yt8m.errors import ArtefactError, ConfigError
from yt8m.extras import optional_module
from yt8m.printable import error_line, listed

TYPES = {
    "tensor(float)": np.float32,
    "tensor(float16)": np.float16,
    "tensor(double)": np.float64,
    "tensor(uint8)": np.uint8,
}


class OnnxNetwork:
    """A function of one array, with the number of rows that the file wants at once.

    output: name of one of its outputs; empty for the first. where: the recipe, for messages.
    Raises ConfigError if onnxruntime is missing, or the network has several inputs or no such
    output; ArtefactError for a file that is no network.
    """

    def __init__(self, path: str | Path, output: str, threads: int, where: str):
        onnxruntime = optional_module("onnxruntime", "export", f"{where}: onnx")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        try:
            self._session = onnxruntime.InferenceSession(
                path, options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # onnxruntime's errors have no common class
            raise ArtefactError(
                f"{path}: is not a network that onnxruntime reads ({error_line(error)})."
            ) from None
        inputs = self._session.get_inputs()
        if len(inputs) != 1 or inputs[0].type not in TYPES:
            found = listed([f"{i.name}: {i.type}" for i in inputs])
            raise ConfigError(
                f"{where}.model: {path} has the inputs {found}; expected one, of numbers"
            )
        self._where = where
        outputs = [o.name for o in self._session.get_outputs()]
        if output and output not in outputs:
            raise ConfigError(f"{where}.output: is {output!r}; {path} has {listed(outputs)}")
        self._name, self._output = inputs[0].name, output or outputs[0]
        self._dtype = TYPES[inputs[0].type]
        self.shape = tuple(n if isinstance(n, int) else None for n in inputs[0].shape)
        """Of its input; None for lengths that may vary."""

    @property
    def takes_floats(self) -> bool:
        """Whether its input is of floats, not bytes."""
        return self._dtype != np.uint8

    def __call__(self, values: np.ndarray) -> np.ndarray:
        """values: [n, ...]. If the file fixes n, as many rows at a time as it wants.

        Raises ConfigError for an input of another shape.
        """
        count = self.shape[0] if self.shape else None
        groups = [values] if count is None else padded_groups(values, count)
        try:
            found = [
                self._session.run([self._output], {self._name: group.astype(self._dtype)})[0]
                for group in groups
            ]
        except Exception as error:  # as above
            raise ConfigError(
                f"{self._where}: the network takes {_shape(self.shape)}, not "
                f"{_shape(values.shape)} ({error_line(error)})"
            ) from None
        return np.concatenate(found)[: len(values)]


def padded_groups(values: np.ndarray, count: int) -> Iterator[np.ndarray]:
    """Groups of `count` rows; the last one is filled with zeros."""
    for start in range(0, len(values), count):
        group = values[start : start + count]
        yield np.pad(group, [(0, count - len(group))] + [(0, 0)] * (values.ndim - 1))


def _shape(lengths: tuple[int | None, ...]) -> str:
    return " x ".join("any" if n is None else str(n) for n in lengths)
