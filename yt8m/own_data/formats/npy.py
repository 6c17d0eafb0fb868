"""NumPy's .npy files: a header with type and shape, then the values. Pickles are never loaded.

https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
"""

import io
import math
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import BinaryIO

import numpy as np
from numpy.lib import format as npy

from yt8m.files import open_regular
from yt8m.own_data.formats.array import Array, Unsuitable

_HEADERS = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}
_LENGTH_BYTES = {(1, 0): 2, (2, 0): 4}

PICKLED = (
    "holds pickled Python objects, which are never loaded, as they may run any code; save numbers: "
    "np.save(path, np.asarray(array, 'float32'))"
)


@contextmanager
def opened(path: str, inside: str, feature: str) -> Iterator[Array]:
    """The array of a file."""
    with open_regular(path) as file:
        yield array_in(file, os.fstat(file.fileno()).st_size)


def array_in(file: BinaryIO, size_bytes: int) -> Array:
    """The array of an open file or member of an archive, of that size."""
    version = npy.read_magic(file)
    if version not in _HEADERS:
        raise Unsuitable(f"has format version {version}, for tables; expected a plain array")
    length = file.read(_LENGTH_BYTES[version])
    header = file.read(int.from_bytes(length, "little"))
    shape, is_fortran, dtype = _parsed(version, length + header)
    if dtype.hasobject:
        raise Unsuitable(PICKLED)
    needed = math.prod(shape) * dtype.itemsize
    there = size_bytes - npy.MAGIC_LEN - len(length) - len(header)
    if there < needed:
        raise Unsuitable(f"is cut off: {there:,} of {needed:,} bytes of values")

    def read(rows: int) -> np.ndarray:
        if is_fortran and len(shape) > 1:
            return _filled(file, np.empty(shape[::-1], dtype)).T[:rows]
        return _filled(file, np.empty((rows, *shape[1:]), dtype))

    return Array(shape, dtype, read)


@lru_cache  # the files of a dataset have few different headers
def _parsed(version: tuple[int, int], header: bytes) -> tuple[tuple[int, ...], bool, np.dtype]:
    return _HEADERS[version](io.BytesIO(header))


def _filled(file: BinaryIO, values: np.ndarray) -> np.ndarray:
    view = memoryview(values.reshape(-1).view(np.uint8))
    while len(view) and (count := file.readinto(view)):
        view = view[count:]
    if len(view):
        raise Unsuitable(f"is cut off: {len(view):,} bytes of values are missing")
    return values
