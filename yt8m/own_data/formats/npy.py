"""NumPy's .npy files: a header with type and shape, then the values. Pickles are never loaded.

https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
"""

import math
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

import numpy as np
from numpy.lib import format as npy

from yt8m.files import open_regular
from yt8m.own_data.formats import Array, Unsuitable

_HEADERS = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}

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
    if size_bytes and file.peek(1)[:1] == b"\x80":
        raise Unsuitable(PICKLED)
    version = npy.read_magic(file)
    if version not in _HEADERS:
        raise Unsuitable(f"has format version {version}, for tables; expected a plain array")
    shape, is_fortran, dtype = _HEADERS[version](file)
    if dtype.hasobject:
        raise Unsuitable(PICKLED)
    needed, there = math.prod(shape) * dtype.itemsize, size_bytes - file.tell()
    if there < needed:
        raise Unsuitable(f"is cut off: {there:,} of {needed:,} bytes of values")

    def read(rows: int) -> np.ndarray:
        if is_fortran and len(shape) > 1:
            return _filled(file, np.empty(shape[::-1], dtype)).T[:rows]
        return _filled(file, np.empty((rows, *shape[1:]), dtype))

    return Array(shape, dtype, read)


def _filled(file: BinaryIO, values: np.ndarray) -> np.ndarray:
    view = memoryview(values.reshape(-1).view(np.uint8))
    while len(view) and (count := file.readinto(view)):
        view = view[count:]
    if len(view):
        raise Unsuitable(f"is cut off: {len(view):,} bytes of values are missing")
    return values
