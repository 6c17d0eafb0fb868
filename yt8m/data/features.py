"""The messages of tensorflow/core/example/feature.proto: a `Feature`, and maps from names to it.

    Feature   one of BytesList (field 1), FloatList (2), Int64List (3), each of `repeated value = 1`
    map       repeated entry = 1 of key = 1 and value = 2; a later entry replaces an earlier one

Readers take the bytes of one message and accept every legal encoding: packed and unpacked numbers,
fields in any order, unknown fields.
"""

from collections.abc import Iterable
from functools import lru_cache

import numpy as np

from yt8m.data.wire import (
    FIXED32,
    LENGTH_DELIMITED,
    VARINT,
    WireError,
    delimited,
    fields,
    header,
    read_varint,
    signed,
    varint,
)

_BYTES, _FLOATS, _INTS = 1, 2, 3
_KINDS = {_BYTES: "byte strings", _FLOATS: "floats", _INTS: "integers"}


class FeatureError(ValueError):
    """A field does not hold what it should; the caller adds the record to the message."""


def bytes_feature(*values: bytes) -> bytes:
    """A Feature of byte strings."""
    return delimited(_BYTES, *(delimited(1, value) for value in values))


def float_feature(values: np.ndarray) -> bytes:
    """A Feature of float32 values."""
    return delimited(_FLOATS, delimited(1, np.asarray(values, "<f4").tobytes()))


def int64_feature(values: Iterable[int]) -> bytes:
    """A Feature of integers; no integers give an empty list, as in TensorFlow."""
    packed = b"".join(varint(int(value)) for value in values)
    return delimited(_INTS, delimited(1, packed) if packed else b"")


def mapping(entries: Iterable[tuple[str, bytes]], number: int = 1) -> bytes:
    """A field holding a map from names to messages: Features or FeatureLists."""
    parts: list[bytes] = []
    for name, value in entries:
        key, value_header = delimited(1, name.encode()), header(2, len(value))
        size = len(key) + len(value_header) + len(value)
        parts += (header(1, size), key, value_header, value)
    return delimited(number, *parts)


def read_record(view: memoryview) -> tuple[dict[str, memoryview], dict[str, memoryview]]:
    """The two maps of a SequenceExample: context and feature lists.

    An Example reads like a SequenceExample without feature lists, since its only field has the
    context's number. Raises WireError if the bytes are not such a message.
    """
    maps: tuple[dict, dict] = ({}, {})
    for number, wire_type, value in fields(view):
        if number in (1, 2) and wire_type == LENGTH_DELIMITED:
            maps[number - 1].update(_entries(value))
    return maps


def _entries(view: memoryview) -> Iterable[tuple[str, memoryview]]:
    for number, wire_type, entry in fields(view):
        if number == 1 and wire_type == LENGTH_DELIMITED:
            key, parts = b"", []
            for part, part_type, content in fields(entry):
                if part == 1 and part_type == LENGTH_DELIMITED:
                    key = content
                elif part == 2 and part_type == LENGTH_DELIMITED:
                    parts.append(content)
            # A message that occurs several times is merged, which means to concatenate its bytes.
            value = parts[0] if len(parts) == 1 else memoryview(b"".join(parts))
            yield str(key, "utf-8", "backslashreplace"), value


def read_bytes(view: memoryview, name: str) -> list[memoryview]:
    """Byte strings of a Feature. Raises FeatureError if it holds numbers."""
    return [value for _, value in _values(view, _BYTES, (LENGTH_DELIMITED,), name)]


def read_floats(view: memoryview, name: str) -> np.ndarray:
    """Floats of a Feature, float32 [n]. Raises FeatureError if it holds something else."""
    runs = [value for _, value in _values(view, _FLOATS, (LENGTH_DELIMITED, FIXED32), name)]
    packed = runs[0] if len(runs) == 1 else b"".join(runs)
    if len(packed) % 4:
        raise WireError(f"{name}: {len(packed)} bytes are not a multiple of 4, so not floats")
    return np.frombuffer(packed, "<f4") if len(packed) else np.zeros(0, np.float32)


def read_ints(view: memoryview, name: str) -> list[int]:
    """Integers of a Feature. Raises FeatureError if it holds something else."""
    numbers = []
    for wire_type, value in _values(view, _INTS, (LENGTH_DELIMITED, VARINT), name):
        if wire_type == VARINT:
            numbers.append(signed(value))
            continue
        position = 0
        while position < len(value):
            number, position = _short_varint(value, position)
            numbers.append(signed(number))
    return numbers


def is_int_list(view: memoryview) -> bool:
    """Whether a Feature is a list of integers, possibly empty, and holds nothing else.

    Unknown fields, which reading ignores, might have been values.
    """
    lists = list(fields(view))
    return bool(lists) and all(
        (number, wire_type) == (_INTS, LENGTH_DELIMITED)
        and all(n == 1 and t in (LENGTH_DELIMITED, VARINT) for n, t, _ in fields(content))
        for number, wire_type, content in lists
    )


def _short_varint(view: memoryview, position: int) -> tuple[int, int]:
    """Like `read_varint`, but faster for numbers of one or two bytes, such as labels."""
    first = view[position]
    if first < 0x80:
        return first, position + 1
    if position + 1 < len(view) and view[position + 1] < 0x80:
        return first & 0x7F | view[position + 1] << 7, position + 2
    return read_varint(view, position)


def _values(view: memoryview, kind: int, types: tuple[int, ...], name: str) -> list[tuple]:
    """Wire type and content of each `value` of a Feature, which must be of this kind or empty."""
    head = _head_of_one(kind, len(view))
    if head and view[: len(head)] == head:
        return [(LENGTH_DELIMITED, view[len(head) :])]
    found, values = kind, []
    for number, wire_type, content in fields(view):
        if number in (_BYTES, _FLOATS, _INTS) and wire_type == LENGTH_DELIMITED:
            if number != found:  # the last of several kinds counts
                found, values = number, []
            values += ((t, value) for n, t, value in fields(content) if n == 1 and t in types)
    if found != kind:
        raise FeatureError(f"{name}: holds {_KINDS[found]}; expected {_KINDS[kind]}.")
    return values


@lru_cache(4096)
def _head_of_one(kind: int, size: int) -> bytes:
    """First bytes of a Feature of `size` bytes whose single `value` fills the rest; b"" if none."""
    head = b""
    for number in (kind, 1):
        left = size - len(head)
        widths = (n for n in range(2, 12) if n <= left and len(header(number, left - n)) == n)
        width = next(widths, None)
        if width is None:
            return b""
        head += header(number, left - width)
    return head
