"""The protocol-buffer wire format, as far as `tf.train.Example` needs it.

A message is a sequence of fields. Each begins with a tag, `number << 3 | wire type`, written as a
varint: seven bits per byte, lowest first, with the top bit set if more bytes follow.
(https://protobuf.dev/programming-guides/encoding)

Malformed bytes raise `WireError`; the caller adds the record to the message.
"""

from collections.abc import Iterator
from functools import lru_cache

VARINT, FIXED64, LENGTH_DELIMITED, FIXED32 = 0, 1, 2, 5

_FIXED_BYTES = {FIXED64: 8, FIXED32: 4}
_INT64_MASK = (1 << 64) - 1


class WireError(ValueError):
    """The bytes are not a valid protocol-buffer message."""


def varint(value: int) -> bytes:
    """Encode an integer; a negative one in 64-bit two's complement, as int64 fields require."""
    value &= _INT64_MASK
    groups = bytearray()
    while value > 0x7F:
        groups.append(value & 0x7F | 0x80)
        value >>= 7
    groups.append(value)
    return bytes(groups)


@lru_cache(4096)
def header(number: int, size: int) -> bytes:
    """The bytes before a length-delimited field of `size` bytes."""
    return varint(number << 3 | LENGTH_DELIMITED) + varint(size)


def delimited(number: int, *parts: bytes) -> bytes:
    """A length-delimited field whose content is the concatenated parts."""
    return b"".join((header(number, sum(map(len, parts))), *parts))


def read_varint(view: memoryview, position: int) -> tuple[int, int]:
    """Unsigned value of the varint at `position`, and the position after it.

    Raises WireError if the message ends inside it, or if it is longer than 64 bits.
    """
    value = shift = 0
    for byte in view[position : position + 10]:
        position += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value & _INT64_MASK, position
        shift += 7
    raise WireError("an integer is cut off" if shift < 70 else "an integer is longer than 64 bits")


def signed(value: int) -> int:
    """The int64 that an unsigned varint encodes."""
    return value - (1 << 64) if value >> 63 else value


def fields(view: memoryview) -> Iterator[tuple[int, int, int | memoryview]]:
    """Number, wire type and value of each field: an int for varints, otherwise the content's bytes.

    Raises WireError if a field is cut off or has an unknown wire type.
    """
    position, end = 0, len(view)
    while position < end:
        tag, position = view[position], position + 1
        if tag >= 0x80:  # here and below: most varints are one byte, which saves a function call
            tag, position = read_varint(view, position - 1)
        number, wire_type = tag >> 3, tag & 7
        if wire_type == VARINT:
            value, position = read_varint(view, position)
            yield number, wire_type, value
            continue
        if wire_type == LENGTH_DELIMITED:
            if position < end and view[position] < 0x80:
                size, position = view[position], position + 1
            else:
                size, position = read_varint(view, position)
        elif wire_type in _FIXED_BYTES:
            size = _FIXED_BYTES[wire_type]
        else:
            raise WireError(f"field {number} has the unknown wire type {wire_type}")
        if size > end - position:
            raise WireError(f"field {number} needs {size} bytes; only {end - position} are left")
        yield number, wire_type, view[position : position + size]
        position += size
