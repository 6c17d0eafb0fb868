"""TFRecord files: writing, reading in order, and finding record offsets."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from yt8m.atomic import replacing
from yt8m.data.compressed import unpacked
from yt8m.data.framing import framed, payload_of, record_end
from yt8m.files import map_file


def write_records(path: str | Path, payloads: Iterable[bytes]) -> int:
    """Write a shard atomically, creating its folder; returns the number of records."""
    count = 0
    with replacing(path) as unfinished, unfinished.open("wb") as file:
        for payload in payloads:
            file.write(framed(payload))
            count += 1
    return count


def open_shard(path: str | Path) -> memoryview:
    """The framed records of a shard, memory-mapped; decompressed if necessary.

    Raises RecordError unless it is a regular file that can be read and decompressed.
    """
    return unpacked(map_file(path), path)


def read_records(path: str | Path, check_crc: bool = True) -> Iterator[bytes]:
    """Payloads of a shard in order. Raises RecordError naming file, record and damage."""
    data, start, number = open_shard(path), 0, 0
    while start < len(data):
        where = f"{path}, record {number}"
        end = record_end(data, start, where)
        yield bytes(payload_of(data, start, end, where, check_crc))
        start, number = end, number + 1


def offsets_in(data: memoryview, path: str | Path) -> np.ndarray:
    """Offset of each record of a mapped file, and the file's size last: int64 [records + 1].

    path: for messages. Reads only the lengths. Raises RecordError if one is damaged or too large.
    """
    offsets = [0]
    while offsets[-1] < len(data):
        offsets.append(record_end(data, offsets[-1], f"{path}, record {len(offsets) - 1}"))
    return np.array(offsets, np.int64)
