"""What distilled records came from, in eight bytes of each, so that none is taken for another's.

The field `distilled_from` holds the heads of two SHA-256, four bytes each: of the teacher (as its
`fingerprint.json` has it), and of the shard of videos that its predictions are for. Readers that do
not know the field pass it by. It takes 32 bytes of a record.
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

_REMEDY = "delete it, and distil it again"


def origin(teacher: str, shard: str) -> bytes:
    """Of a record. teacher, shard: the digests, in hexadecimal."""
    return bytes.fromhex(teacher[:HEAD] + shard[:HEAD])


def origin_entry(value: bytes) -> list[tuple[str, bytes]]:
    """The field of a record's context; none where nothing is known (b"")."""
    return [(FIELD, bytes_feature(value))] if value else []


def read_origin(context: Mapping[str, memoryview]) -> bytes:
    """What the context of a record says; b"" where it says nothing."""
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
    """Head of the teacher's digest that distilled shards agree on; None of other records.

    shards: path of each, and the origins of its records. teacher: digest of the one that they
    should be of, if known. videos: the split that they should be for, shard by shard, if known.
    Raises RecordError for a shard of another teacher, of other videos, or of several.
    """
    if teacher is None and not any(any(origins) for _, origins in shards):
        return None
    expected = teacher[:HEAD] if teacher else None
    for number, (path, origins) in enumerate(shards):
        if len(origins) > 1:
            raise RecordError(
                f"{path}: holds records of several teachers or shards of videos; {_REMEDY}."
            )
        (found,) = (value.hex() for value in origins)
        expected = expected or found[:HEAD]
        if found[:HEAD] != expected:
            whose = f"those of teacher {found[:HEAD]}" if found else "those of an unknown teacher"
            raise RecordError(
                f"{path}: holds no predictions of teacher {expected} but {whose}; {_REMEDY}."
            )
        if videos is not None and number < len(videos.shards):
            shard = videos.shards[number]
            if found[HEAD:] != shard.digest[:HEAD]:
                raise RecordError(
                    f"{path}: holds predictions for other videos than those in {shard.path}; "
                    f"{_REMEDY}."
                )
    return expected
