"""Shards that were compressed as a whole, as TensorFlow's options "GZIP" and "ZLIB" do.

Their records are unpacked into a file of this process, in the folder for temporary files (TMPDIR);
it has no name any more once it is mapped, and is gone with the last view of it.
"""

import tempfile
import zlib
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from yt8m.data.framing import HEADER_BYTES, begins_record
from yt8m.errors import RecordError
from yt8m.files import map_file

MOST_BYTES = 1 << 31
"""What a shard may unpack to; one of YouTube-8M holds under a quarter of that."""

_GZIP = b"\x1f\x8b\x08"
_CHUNK_BYTES = 1 << 14
_WINDOW_BITS = {"GZIP": zlib.MAX_WBITS + 16, "ZLIB": zlib.MAX_WBITS}


def unpacked(data: memoryview, path: str | Path) -> memoryview:
    """The framed records of a shard whose bytes are `data`: these, or what they unpack to.

    path: for messages. Raises RecordError where the compressed bytes are damaged or cut off, where
    they hold something else or too much, and where there is no room for it.
    """
    kind = _compression(data)
    if kind is None:
        return data
    try:
        with tempfile.NamedTemporaryFile(prefix="yt8m-") as file:
            parts = _inflated(data, kind)
            first = _beginning(parts)
            if first and not begins_record(first):
                raise RecordError(f"{path}: is {kind} of something else than a TFRecord.")
            size = 0
            for part in chain([first], parts):
                size += file.write(part)
                if size > MOST_BYTES:
                    raise RecordError(f"{path}: is {kind} of more than {MOST_BYTES:,} bytes.")
            file.flush()
            return map_file(file.name)
    except zlib.error as error:
        raise RecordError(f"{path}: is {kind}, but cannot be unpacked ({error}).") from None
    except OSError as error:
        raise RecordError(
            f"{path}: is {kind}, and cannot be unpacked in {tempfile.gettempdir()} "
            f"({error.strerror}); have TMPDIR name a folder with room, or unpack it yourself."
        ) from None


def _compression(data: memoryview) -> str | None:
    """A word of `_WINDOW_BITS`, or None: the records lie there as they are, or it is no shard."""
    if begins_record(data):
        return None
    if data[:3] == _GZIP:
        return "GZIP"
    # ZLIB's two bytes are easily met by chance. What they begin must be records, or nothing.
    if len(data) < 8 or data[0] & 0x0F != 8 or (data[0] << 8 | data[1]) % 31:
        return None
    try:
        first = _beginning(_inflated(data, "ZLIB"))
    except zlib.error:
        return None
    return "ZLIB" if not first or begins_record(first) else None


def _beginning(parts: Iterator[bytes]) -> bytes:
    """The first parts, so many that a record's header is in them, if one is there."""
    found = b""
    while len(found) < HEADER_BYTES and (part := next(parts, None)) is not None:
        found += part
    return found


def _inflated(data: memoryview, kind: str) -> Iterator[bytes]:
    """What the streams in `data`, one behind the other, unpack to, part by part."""
    position = 0
    while position < len(data):
        stream = zlib.decompressobj(_WINDOW_BITS[kind])
        while not stream.eof:
            part = data[position : position + _CHUNK_BYTES]
            if not len(part):
                raise zlib.error("it is cut off")
            yield stream.decompress(part)
            position += len(part) - len(stream.unused_data)
        while position < len(data) and kind == "GZIP" and data[position] == 0:
            position += 1  # filled up with zeros, as on tapes
