"""The framing of payloads in a TFRecord file, which is a sequence of

    uint64 length | uint32 CRC of the length | payload | uint32 CRC of the payload

All integers are little-endian, the CRCs masked CRC32C. (tensorflow/core/lib/io/record_writer.h)
"""

import struct

import crc32c

from yt8m.errors import RecordError
from yt8m.other_files import looks_like

HEADER_BYTES = 12
FOOTER_BYTES = 4

_LENGTH = struct.Struct("<Q")
_CHECKSUM = struct.Struct("<I")
_MASK_DELTA = 0xA282EAD8


def masked_crc(data: bytes | memoryview) -> int:
    """CRC32C, rotated and offset, so that checksums of data that holds checksums remain useful."""
    crc = crc32c.crc32c(data)  # lets other threads run meanwhile
    return ((crc >> 15 | crc << 17) + _MASK_DELTA) & 0xFFFFFFFF


def framed(payload: bytes) -> bytes:
    """A record: the payload within its frame."""
    length = _LENGTH.pack(len(payload))
    parts = length, _CHECKSUM.pack(masked_crc(length)), payload, _CHECKSUM.pack(masked_crc(payload))
    return b"".join(parts)


def begins_record(data: bytes | memoryview, start: int = 0) -> bool:
    """Whether a record's header with the right CRC is at `start`."""
    if len(data) - start < HEADER_BYTES:
        return False
    return _CHECKSUM.unpack_from(data, start + 8)[0] == masked_crc(data[start : start + 8])


def record_end(data: memoryview, start: int, where: str) -> int:
    """End of the record that starts at `start`; checks its length, but not its payload.

    Raises RecordError, beginning with `where`, if the header is damaged or the record is cut off.
    """
    left = len(data) - start
    if left < HEADER_BYTES:
        raise RecordError(
            f"{where}: header cut off, {left} of {HEADER_BYTES} bytes; the file is incomplete."
        )
    if not begins_record(data, start):
        raise RecordError(
            f"{where}: the CRC of the length is wrong; the file is damaged here, or is not a "
            f"TFRecord file{'' if start else looks_like(data)}."
        )
    size = HEADER_BYTES + _LENGTH.unpack_from(data, start)[0] + FOOTER_BYTES
    if size > left:
        raise RecordError(f"{where}: cut off, {left} of {size} bytes; the file is incomplete.")
    return start + size


def payload_of(data: memoryview, start: int, end: int, where: str, check_crc: bool) -> memoryview:
    """The payload of the record framed by [start, end), checked against its CRC if `check_crc`."""
    payload = data[start + HEADER_BYTES : end - FOOTER_BYTES]
    if check_crc and _CHECKSUM.unpack_from(data, end - FOOTER_BYTES)[0] != masked_crc(payload):
        raise RecordError(f"{where}: the CRC of the data is wrong; the file is damaged here.")
    return payload
