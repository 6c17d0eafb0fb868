"""TFRecord files: payloads one behind the other, each framed by its length and two checksums.

    uint64 length | uint32 CRC of the length | payload | uint32 CRC of the payload

All integers are little-endian, the CRCs masked CRC32C. (tensorflow/core/lib/io/record_writer.h)
"""

import mmap
import os
import struct
from collections.abc import Iterable, Iterator
from pathlib import Path

import crc32c
import numpy as np

from yt8m.atomic import replacing
from yt8m.errors import RecordError

HEADER_BYTES = 12
FOOTER_BYTES = 4

_LENGTH = struct.Struct("<Q")
_CHECKSUM = struct.Struct("<I")
_MASK_DELTA = 0xA282EAD8


def masked_crc(data: bytes | memoryview) -> int:
    """CRC32C, turned and shifted, so that checksums of data that holds checksums stay sound."""
    crc = crc32c.crc32c(data)  # lets other threads run meanwhile
    return ((crc >> 15 | crc << 17) + _MASK_DELTA) & 0xFFFFFFFF


def write_records(path: str | Path, payloads: Iterable[bytes]) -> int:
    """Write a shard, complete or not at all, and return how many records it holds.

    The folder is created; the file appears under its name only once it is complete.
    """
    count = 0
    with replacing(path) as unfinished, unfinished.open("wb") as file:
        for payload in payloads:
            length = _LENGTH.pack(len(payload))
            file.write(length + _CHECKSUM.pack(masked_crc(length)))
            file.write(payload)
            file.write(_CHECKSUM.pack(masked_crc(payload)))
            count += 1
    return count


def map_file(path: str | Path) -> memoryview:
    """The file's bytes, mapped into memory, read only.

    Raises RecordError when there is no such file.
    """
    try:
        with Path(path).open("rb") as file:
            if os.fstat(file.fileno()).st_size == 0:  # which cannot be mapped
                return memoryview(b"")
            return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    except OSError as error:
        raise RecordError(f"{path}: cannot be read ({error.strerror}).") from None


def record_end(data: memoryview, start: int, where: str) -> int:
    """Where the record that starts at `start` ends; its length is checked, its payload not.

    Raises RecordError, beginning with `where`, where the file ends before the record does.
    """
    left = len(data) - start
    if left < HEADER_BYTES:
        raise RecordError(
            f"{where}: header cut off, {left} of {HEADER_BYTES} bytes; the file is incomplete."
        )
    if _CHECKSUM.unpack_from(data, start + 8)[0] != masked_crc(data[start : start + 8]):
        raise RecordError(
            f"{where}: the CRC of the length is wrong; the file is damaged here, or no TFRecord."
        )
    size = HEADER_BYTES + _LENGTH.unpack_from(data, start)[0] + FOOTER_BYTES
    if size > left:
        raise RecordError(f"{where}: cut off, {left} of {size} bytes; the file is incomplete.")
    return start + size


def payload_of(data: memoryview, start: int, end: int, where: str, check_crc: bool) -> memoryview:
    """The payload of the record framed by [start, end), checked against its CRC if asked."""
    payload = data[start + HEADER_BYTES : end - FOOTER_BYTES]
    if check_crc and _CHECKSUM.unpack_from(data, end - FOOTER_BYTES)[0] != masked_crc(payload):
        raise RecordError(f"{where}: the CRC of the data is wrong; the file is damaged here.")
    return payload


def read_records(path: str | Path, check_crc: bool = True) -> Iterator[bytes]:
    """Payloads of a shard in order. Raises RecordError naming file, record and damage."""
    data, start, number = map_file(path), 0, 0
    while start < len(data):
        where = f"{path}, record {number}"
        end = record_end(data, start, where)
        yield bytes(payload_of(data, start, end, where, check_crc))
        start, number = end, number + 1


def offsets_in(data: memoryview, path: str | Path) -> np.ndarray:
    """Where each record of a mapped file begins, and its size last: int64 [records + 1].

    path: for the messages. Only the lengths are read. Raises RecordError where one does not fit.
    """
    offsets = [0]
    while offsets[-1] < len(data):
        offsets.append(record_end(data, offsets[-1], f"{path}, record {len(offsets) - 1}"))
    return np.array(offsets, np.int64)
