"""The arrays in a checkpoint of TensorFlow's, read without TensorFlow.

A checkpoint is a data file and an index: a table of LevelDB's format (leveldb/doc/table_format.md)
from names to `BundleEntryProto` (tensorflow/core/protobuf/tensor_bundle.proto).
"""

from collections.abc import Iterator
from pathlib import Path

import ml_dtypes
import numpy as np

from yt8m.errors import TensorFlowError
from yt8m.runtime.messages import BundleEntry

INDEX, DATA = "variables.index", "variables.data-00000-of-00001"
"""Files of the checkpoint of a SavedModel, in its folder `variables`."""

FOOTER, MAGIC = 48, bytes.fromhex("57fb808b247547db")
"""Bytes at the end of a table, and those at its very end."""

FLOATS = {1: "float32", 2: "float64", 14: ml_dtypes.bfloat16, 19: "float16"}
"""NumPy's names of TensorFlow's types of floats."""


def floats_in(folder: Path) -> Iterator[tuple[str, np.ndarray]]:
    """Name and values, flat, of every array of floats.

    folder: `variables` of a SavedModel.
    Raises TensorFlowError for an index that is not one, OSError for a missing file.
    """
    data = np.memmap(folder / DATA, np.uint8, "r")
    for name, value in _table((folder / INDEX).read_bytes()):
        entry = BundleEntry.FromString(value)
        if name and entry.dtype in FLOATS:  # without a name: about the checkpoint
            yield (
                name.decode(),
                data[entry.offset : entry.offset + entry.size].view(FLOATS[entry.dtype]),
            )


def _table(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Keys and values of a table."""
    if len(content) < FOOTER or not content.endswith(MAGIC):
        raise TensorFlowError(f"{INDEX} is damaged")
    handles = content[-FOOTER:]
    _, place = _handle(handles, 0)  # of the block about blocks
    (offset, size), _ = _handle(handles, place)
    for _, handle in _block(content, offset, size):
        (offset, size), _ = _handle(handle, 0)
        yield from _block(content, offset, size)


def _handle(content: bytes, place: int) -> tuple[tuple[int, int], int]:
    """Offset and size of a block, and the place after them."""
    offset, place = _number(content, place)
    size, place = _number(content, place)
    return (offset, size), place


def _block(content: bytes, offset: int, size: int) -> Iterator[tuple[bytes, bytes]]:
    """Keys and values; a key begins with a part of the one before it."""
    if content[offset + size : offset + size + 1] != b"\0":
        raise TensorFlowError(f"{INDEX} is damaged, or compressed")
    block = content[offset : offset + size]
    restarts = int.from_bytes(block[-4:], "little")
    place, key = 0, b""
    while place < len(block) - 4 * (restarts + 1):
        shared, place = _number(block, place)
        own, place = _number(block, place)
        length, place = _number(block, place)
        key = key[:shared] + block[place : place + own]
        place += own + length
        yield key, block[place - length : place]


def _number(content: bytes, place: int) -> tuple[int, int]:
    """A number in base 128, the lowest digits first, and the place after it."""
    number, shift = 0, 0
    while place < len(content):
        digit = content[place]
        number, shift, place = number | (digit & 127) << shift, shift + 7, place + 1
        if digit < 128:
            return number, place
    raise TensorFlowError(f"{INDEX} is damaged")
