"""The origin of distilled records, in eight bytes of each, so that they cannot be mixed up.

The field `distilled_from` holds the first four bytes of two SHA-256 digests: of the teacher (from
its `fingerprint.json`), and of the shard of videos that its probabilities are for. Readers that do
not know the field ignore it. It takes 32 bytes per record.
"""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from yt8m.data.features import FeatureError, bytes_feature, read_bytes
from yt8m.data.manifest import Manifest
from yt8m.data.wire import WireError
from yt8m.errors import RecordError

FIELD = "distilled_from"
HEAD = 8
"""Hexadecimal digits of a digest that are kept."""

_REMEDY = "delete it and distil it again"


def origin(teacher: str, shard: str) -> bytes:
    """The origin of a record. teacher, shard: their digests, in hexadecimal."""
    return bytes.fromhex(teacher[:HEAD] + shard[:HEAD])


def origin_entry(value: bytes) -> list[tuple[str, bytes]]:
    """The field of a record's context; none if the origin is unknown (b"")."""
    return [(FIELD, bytes_feature(value))] if value else []


def read_origin(context: Mapping[str, memoryview]) -> bytes:
    """The origin in the context of a record; b"" if there is none."""
    try:
        (found,) = read_bytes(context[FIELD], FIELD)
    except (KeyError, ValueError, FeatureError, WireError):
        return b""
    return bytes(found) if len(found) == HEAD else b""


def teacher_of(
    shards: Sequence[tuple[Path, Collection[bytes]]],
    teacher: str | None = None,
    videos: Manifest | None = None,
) -> str | None:
    """First digits of the teacher's digest that all distilled shards share; None for other records.

    shards: path of each, and the origins of its records. teacher: digest of the expected teacher,
    if known. videos: the expected split, shard by shard, if known.
    Raises RecordError for a shard of another teacher, for other videos, or of mixed origin.
    """
    if teacher is None and not any(any(origins) for _, origins in shards):
        return None
    expected = teacher[:HEAD] if teacher else None
    for number, (path, origins) in enumerate(shards):
        if len(origins) > 1:
            raise RecordError(
                f"{path}: holds records of several teachers or source shards; {_REMEDY}."
            )
        (found,) = (value.hex() for value in origins)
        expected = expected or found[:HEAD]
        if found[:HEAD] != expected:
            whose = f"teacher {found[:HEAD]}" if found else "an unknown teacher"
            raise RecordError(
                f"{path}: holds soft labels of {whose}, expected teacher {expected}; {_REMEDY}."
            )
        if videos is not None and number < len(videos.shards):
            shard = videos.shards[number]
            if found[HEAD:] != shard.digest[:HEAD]:
                raise RecordError(
                    f"{path}: holds soft labels for other videos than those in {shard.path}; "
                    f"{_REMEDY}."
                )
    return expected
