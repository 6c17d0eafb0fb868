"""Weights in PyTorch's first file format, read without PyTorch and without running their code.

The format: three pickles (a magic number, the version, facts about the machine), a pickle of the
tensors' names, shapes and strides, a pickle of the storages' keys, then the storages themselves in
that order, each an int64 length and its values (`torch.serialization`, "legacy").
"""

import pickle
from collections import OrderedDict
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from yt8m.errors import ArtefactError
from yt8m.files import open_regular
from yt8m.printable import error_line

MAGIC = 0x1950A86A20F9469CFC6C
VERSION = 1001


class _Storage:
    """Values that tensors share, and that follow the pickles."""

    def __init__(self, dtype: str, length: int):
        self.dtype, self.length = np.dtype(dtype), length
        self.values = np.empty(0, dtype)

    def read(self, file: BinaryIO) -> None:
        """Read the values at the file's position. Raises UnpicklingError if some are missing."""
        stated = int.from_bytes(file.read(8), "little", signed=True)
        content = file.read(self.length * self.dtype.itemsize)
        if stated != self.length or len(content) != self.length * self.dtype.itemsize:
            raise pickle.UnpicklingError("it ends before its values do")
        self.values = np.frombuffer(content, self.dtype)


class _Tensor:
    """A view of a storage: torch._utils._rebuild_tensor_v2."""

    def __init__(self, storage: _Storage, offset: int, shape: tuple, strides: tuple, *_: Any):
        self.storage, self.offset, self.shape, self.strides = storage, offset, shape, strides

    def array(self) -> np.ndarray:
        """The tensor's values; its strides need not be those of a contiguous array."""
        if not all(self.shape):
            return np.zeros(self.shape, self.storage.dtype)
        values = self.storage.values
        reach = sum((n - 1) * step for n, step in zip(self.shape, self.strides, strict=True))
        if min(self.offset, *self.strides, 0) < 0 or self.offset + reach >= len(values):
            raise pickle.UnpicklingError("a tensor reaches beyond its storage")
        strides = [step * values.itemsize for step in self.strides]
        view = np.lib.stride_tricks.as_strided(values[self.offset :], self.shape, strides)
        return np.ascontiguousarray(view)


class _Unpickler(pickle.Unpickler):
    """Admits tensors and ordered dictionaries; every other name is refused before it is called."""

    ADMITTED = {  # noqa: RUF012 - pickle's own attributes are not annotated either
        ("collections", "OrderedDict"): OrderedDict,
        ("torch._utils", "_rebuild_tensor_v2"): _Tensor,
        ("torch", "FloatStorage"): "<f4",
        ("torch", "LongStorage"): "<i8",
    }

    def __init__(self, file: BinaryIO):
        super().__init__(file)
        self.storages: dict[str, _Storage] = {}

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in self.ADMITTED:
            raise pickle.UnpicklingError(f"it contains {module}.{name}, which is not a tensor")
        return self.ADMITTED[module, name]

    def persistent_load(self, found: tuple) -> _Storage:
        _, dtype, key, _, length, view = found
        if view is not None:
            raise pickle.UnpicklingError("a storage is a view of another")
        return self.storages.setdefault(key, _Storage(dtype, length))


def read_torch_weights(path: str | Path) -> dict[str, np.ndarray]:
    """Name -> array of each tensor.

    Raises ArtefactError for a file that is not of this format, is damaged, or contains anything but
    tensors.
    """
    try:
        with open_regular(path) as file:
            return {name: tensor.array() for name, tensor in _tensors(file).items()}
    except OSError as error:
        raise ArtefactError(f"{path}: cannot be read ({error.strerror or error}).") from None
    except Exception as error:  # damaged pickles raise errors of almost any kind
        problem = error_line(error)
        raise ArtefactError(f"{path}: is not a file of PyTorch's weights ({problem}).") from None


def _tensors(file: BinaryIO) -> dict[str, _Tensor]:
    if _Unpickler(file).load() != MAGIC or _Unpickler(file).load() != VERSION:
        raise pickle.UnpicklingError("it does not begin as they do")
    if not _Unpickler(file).load()["little_endian"]:
        raise pickle.UnpicklingError("it was written on a big-endian machine")
    named = _Unpickler(file)
    tensors = named.load()
    for key in _Unpickler(file).load():
        named.storages[key].read(file)
    return tensors
