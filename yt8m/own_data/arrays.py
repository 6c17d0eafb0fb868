"""The array of one video's feature, from a file of any known format: float32 [T, R].

T frames (seconds), and R values per frame as an extractor computes them.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from yt8m.errors import RecordError
from yt8m.files import open_regular
from yt8m.other_files import looks_like
from yt8m.own_data.formats import hdf5, npy, npz, parquet, sequence_example
from yt8m.own_data.formats.array import Array, Unsuitable
from yt8m.own_data.locations import file_and_inside
from yt8m.printable import error_line

FORMATS = {
    ".npy": npy,
    ".npz": npz,
    ".h5": hdf5,
    ".hdf5": hdf5,
    ".parquet": parquet,
    ".pb": sequence_example,
    ".tfrecord": sequence_example,
}
"""Suffix -> the module that opens such files, and imports a library only then."""

BEGINNINGS = {
    ".npy": b"\x93NUMPY",
    ".npz": b"PK",
    ".h5": b"\x89HDF",
    ".hdf5": b"\x89HDF",
    ".parquet": b"PAR1",
}
"""Suffix -> the first bytes of such files, where all have the same."""

MOST_VALUES = 1 << 20
"""Most values per frame; memory for a frame is not given to whatever number a file names."""


def read_array(
    location: str, feature: str, width: int | None = None, max_frames: int | None = None
) -> np.ndarray:
    """The frames at a location: C-contiguous float32 [T, R], all finite, T >= 1.

    A vector [R] is one frame. Floats of any width and whole numbers are converted.

    location: see `locations`. feature: its name, also that of the array if the location names none.
    width: R, if it is known. max_frames: later frames are cut off, and not read if possible.

    Raises RecordError, naming the file and what is expected, for a file that is missing or damaged,
    for another width, for an empty array, and for values that are not finite as float32.
    """
    with _opened(location, feature) as array:
        _check(array, width)
        is_vector = len(array.shape) == 1
        rows = array.shape[0]
        if not is_vector and max_frames is not None:
            rows = min(rows, max_frames)
        values = array.read(rows)
    return as_float32(values[None] if is_vector else values, location)


def width_of(location: str, feature: str) -> int:
    """R of the array at a location, from its header or first frames; errors as of `read_array`."""
    with _opened(location, feature) as array:
        _check(array, None)
        return array.shape[-1]


@contextmanager
def _opened(location: str, feature: str) -> Iterator[Array]:
    """The array at a location, to be read; all errors, also in the block, become RecordError."""
    path, inside = file_and_inside(location)
    suffix = f".{path.rpartition('.')[2]}".lower()  # a Path takes longer than some arrays
    if suffix not in FORMATS:
        raise RecordError(f"{path}: is not of a known format; expected {', '.join(FORMATS)}")
    try:
        with FORMATS[suffix].opened(path, inside, feature) as array:
            yield array
    except Unsuitable as error:
        raise RecordError(f"{location}: {error}") from None
    except RecordError:
        raise
    except FileNotFoundError:
        raise RecordError(f"{path}: no such file") from None
    except Exception as error:  # libraries raise various types
        raise RecordError(_unreadable(path, suffix, error)) from None


def _check(array: Array, width: int | None) -> None:
    """Raises Unsuitable for another type or shape; nothing has been read yet."""
    shape, dtype = list(array.shape), array.dtype
    expected = f"[frames, {width or 'values'}], or [{width or 'values'}] for one frame"
    if dtype.kind not in "fiu":
        raise Unsuitable(f"is of type {dtype}; expected floats or whole numbers, {expected}")
    if len(shape) not in (1, 2):
        raise Unsuitable(f"has shape {shape}; expected {expected}")
    if 0 in shape:
        raise Unsuitable(f"has shape {shape}, so it is empty; expected {expected}")
    if shape[-1] > MOST_VALUES:
        raise Unsuitable(f"has shape {shape}; at most {MOST_VALUES:,} values per frame")
    if width is not None and shape[-1] != width:
        if shape[0] == width and len(shape) == 2:
            raise Unsuitable(f"has shape {shape}, so it is transposed; expected {expected}")
        raise Unsuitable(f"has shape {shape}; expected {expected}")


def as_float32(values: np.ndarray, where: str) -> np.ndarray:
    """Values [T, R] as C-contiguous float32; they are copied only if they must be.

    Raises RecordError naming the first value that is not finite, or too large for float32.
    """
    converted = values
    if values.dtype != np.float32 or not values.flags.c_contiguous:
        with np.errstate(over="ignore", invalid="ignore"):
            converted = np.ascontiguousarray(values, np.float32)
    finite = np.isfinite(converted)
    if finite.all():
        return converted
    frame, value = np.argwhere(~finite)[0]
    found = values[frame, value]
    problem = "which float32 cannot represent" if np.isfinite(found) else "all must be finite"
    raise RecordError(f"{where}: frame {frame}, value {value} is {found}; {problem}")


def _unreadable(path: str, suffix: str, error: Exception) -> str:
    try:
        with open_regular(path) as file:
            size, beginning = os.fstat(file.fileno()).st_size, file.read(64)
    except OSError as failure:
        return f"{path}: cannot be read ({failure.strerror or failure})"
    if not size:
        return f"{path}: is empty (0 bytes); expected a file of type {suffix}"
    reason = f" ({error_line(error)})"
    if suffix in BEGINNINGS and beginning.startswith(BEGINNINGS[suffix]):
        return f"{path}: cannot be read as {suffix}; its {size:,} bytes are damaged{reason}"
    return f"{path}: cannot be read as {suffix}{looks_like(beginning) or reason}"
