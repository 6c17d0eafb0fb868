"""How a TFRecord file frames its payloads, which lie one behind the other.

    uint64 length | uint32 CRC of the length | payload | uint32 CRC of the payload

All integers are little-endian, the CRCs masked CRC32C. (tensorflow/core/lib/io/record_writer.h)
"""

import struct

import crc32c

from yt8m.errors import RecordError

HEADER_BYTES = 12
FOOTER_BYTES = 4

_LENGTH = struct.Struct("<Q")
_CHECKSUM = struct.Struct("<I")
_MASK_DELTA = 0xA282EAD8

_OTHERS = {
    b"BZh": "bzip2's",
    b"\xfd7zXZ": "xz's",
    b"\x28\xb5\x2f\xfd": "Zstandard's",
    b"PK\x03\x04": "a ZIP archive's",
    b"PAR1": "Parquet's",
    b"\x89HDF": "HDF5's",
    b"\x93NUMPY": "NumPy's",
    b"version https://git-lfs": "a pointer of Git LFS in place of the file",
    b"<": "HTML's or XML's, such as a server's message in place of the file",
}
"""How files begin that are taken for shards."""


def masked_crc(data: bytes | memoryview) -> int:
    """CRC32C, turned and shifted, so that checksums of data that holds checksums stay sound."""
    crc = crc32c.crc32c(data)  # lets other threads run meanwhile
    return ((crc >> 15 | crc << 17) + _MASK_DELTA) & 0xFFFFFFFF


def framed(payload: bytes) -> bytes:
    """A record: the payload within its frame."""
    length = _LENGTH.pack(len(payload))
    parts = length, _CHECKSUM.pack(masked_crc(length)), payload, _CHECKSUM.pack(masked_crc(payload))
    return b"".join(parts)


def begins_record(data: bytes | memoryview, start: int = 0) -> bool:
    """Whether a record's header, its CRC right, stands at `start`."""
    if len(data) - start < HEADER_BYTES:
        return False
    return _CHECKSUM.unpack_from(data, start + 8)[0] == masked_crc(data[start : start + 8])


def record_end(data: memoryview, start: int, where: str) -> int:
    """Where the record that starts at `start` ends; its length is checked, its payload not.

    Raises RecordError, beginning with `where`, where the file ends before the record does.
    """
    left = len(data) - start
    if left < HEADER_BYTES:
        raise RecordError(
            f"{where}: header cut off, {left} of {HEADER_BYTES} bytes; the file is incomplete."
        )
    if not begins_record(data, start):
        raise RecordError(
            f"{where}: the CRC of the length is wrong; the file is damaged here, or no TFRecord"
            f"{'' if start else _other_kind(data)}."
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


def _other_kind(data: memoryview) -> str:
    beginning = bytes(data[:32])
    found = (words for begins, words in _OTHERS.items() if beginning.startswith(begins))
    return next((f" (its first bytes are {words})" for words in found), "")
