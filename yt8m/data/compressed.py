"""Shards that are compressed as a whole, as by TensorFlow's options "GZIP" and "ZLIB".

Their records are decompressed into a temporary file (in TMPDIR), which is unlinked once it is
mapped and disappears with its last view.
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
"""Most bytes that a shard may decompress to; those of YouTube-8M take less than a quarter of it."""

_GZIP = b"\x1f\x8b\x08"
_CHUNK_BYTES = 1 << 14
_WINDOW_BITS = {"GZIP": zlib.MAX_WBITS + 16, "ZLIB": zlib.MAX_WBITS}


def unpacked(data: memoryview, path: str | Path) -> memoryview:
    """The framed records of a shard with the bytes `data`, decompressed if necessary.

    path: for messages. Raises RecordError if the compressed bytes are damaged or cut off, if they
    hold something else or too much, or if there is no room for them.
    """
    kind = _compression(data)
    if kind is None:
        return data
    try:
        with tempfile.NamedTemporaryFile(prefix="yt8m-") as file:
            parts = _inflated(data, kind)
            first = _beginning(parts)
            if first and not begins_record(first):
                raise RecordError(f"{path}: is {kind}, but its content is not a TFRecord file.")
            size = 0
            for part in chain([first], parts):
                size += file.write(part)
                if size > MOST_BYTES:
                    raise RecordError(
                        f"{path}: is {kind} and decompresses to more than {MOST_BYTES:,} bytes."
                    )
            file.flush()
            return map_file(file.name)
    except zlib.error as error:
        raise RecordError(f"{path}: is {kind}, but cannot be decompressed ({error}).") from None
    except OSError as error:
        raise RecordError(
            f"{path}: is {kind}, and cannot be decompressed in {tempfile.gettempdir()} "
            f"({error.strerror}); set TMPDIR to a folder with enough space, or decompress it "
            "yourself."
        ) from None


def _compression(data: memoryview) -> str | None:
    """A key of `_WINDOW_BITS`, or None for plain records or something that is not a shard."""
    if begins_record(data):
        return None
    if data[:3] == _GZIP:
        return "GZIP"
    # ZLIB's two magic bytes often occur by chance: the content must be records, or empty.
    if len(data) < 8 or data[0] & 0x0F != 8 or (data[0] << 8 | data[1]) % 31:
        return None
    try:
        first = _beginning(_inflated(data, "ZLIB"))
    except zlib.error:
        return None
    return "ZLIB" if not first or begins_record(first) else None


def _beginning(parts: Iterator[bytes]) -> bytes:
    """As many of the first parts as a record's header needs, joined."""
    found = b""
    while len(found) < HEADER_BYTES and (part := next(parts, None)) is not None:
        found += part
    return found


def _inflated(data: memoryview, kind: str) -> Iterator[bytes]:
    """The content of the concatenated streams in `data`, part by part."""
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
            position += 1  # zero padding, as on tapes
