"""Reading every shard of a split once, before hours are spent on it, and listing what is there.

Each record's checksum is verified and its content decoded, so a later step meets no damage.
"""

import glob
import hashlib
import os
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from yt8m.data.examples import decode_video
from yt8m.data.manifest import Manifest, Shard
from yt8m.data.schema import Schema
from yt8m.data.soft_labels import decode_soft_label
from yt8m.data.tfrecord import map_file, payload_of, record_end
from yt8m.errors import RecordError
from yt8m.progress import progress

MOST_DAMAGES = 10
"""Damaged shards that one message names."""


def find_shards(pattern: str) -> list[Path]:
    """Files that match a glob pattern, by name. Raises RecordError when there are none."""
    paths = sorted(Path(path) for path in glob.glob(pattern, recursive=True))  # noqa: PTH207
    if not paths:
        raise RecordError(f"{pattern}: no shard matches this pattern.")
    return paths


def build_manifest(
    shards: str | Sequence[str | Path],
    schema: Schema,
    split: str,
    workers: int | None = None,
    require_labels: bool = False,
    kind: str = "frames",
    source: Path | None = None,
) -> Manifest:
    """Read all shards wholly and list them, in the order given (a pattern's: by name).

    shards: paths, or one glob pattern.
    workers: threads; hashing and checksums, the bulk of the work, run side by side.
    require_labels: whether a split in which no video has a label is an error.
    Raises RecordError for a pattern without matches, two shards of one name, a shard that is
    missing or empty, and for damage: the first in each shard, of at most ten shards.
    """
    paths = find_shards(shards) if isinstance(shards, str) else [Path(path) for path in shards]
    _check_names(paths, split)
    with ThreadPoolExecutor(workers or min(8, os.cpu_count() or 1)) as pool:
        results = pool.map(lambda path: _survey_or_error(path, schema, kind), paths)
        found = list(progress(results, split, "shard", len(paths)))
    damages = [result for result in found if isinstance(result, RecordError)]
    if damages:
        raise RecordError(_summary(damages, len(paths), split))
    if require_labels and not any(labels for _, labels in found):
        raise RecordError(
            f"split {split}: none of the videos in {len(paths)} shards has a label; "
            "labelled shards are needed here (the test split of YouTube-8M has none)."
        )
    return Manifest(schema, split, tuple(shard for shard, _ in found), kind, source)


def survey_shard(path: Path, schema: Schema, kind: str = "frames") -> tuple[Shard, int]:
    """A shard's entry, and how many labels its videos have. Raises RecordError for its damage."""
    data = map_file(path)
    start = records = labels = 0
    while start < len(data):
        where = f"{path}, record {records}"
        end = record_end(data, start, where)
        payload = payload_of(data, start, end, where, check_crc=True)
        if kind == "frames":
            labels += len(decode_video(payload, schema, where).labels)
        else:
            labels += len(decode_soft_label(payload, schema.classes, where).labels)
        start, records = end, records + 1
    if not records:
        raise RecordError(f"{path}: holds no records; remove it or write it again.")
    return Shard(path, records, len(data), hashlib.sha256(data).hexdigest()), labels


def _survey_or_error(path: Path, schema: Schema, kind: str) -> tuple[Shard, int] | RecordError:
    try:
        return survey_shard(path, schema, kind)
    except RecordError as error:
        return error


def _check_names(paths: Sequence[Path], split: str) -> None:
    """Distilled shards are named after their source, so two of one name would meet."""
    if not paths:
        raise RecordError(f"split {split}: has no shards.")
    for name, count in Counter(path.name for path in paths).items():
        if count > 1:
            places = ", ".join(str(path) for path in paths if path.name == name)
            raise RecordError(f"split {split}: {count} shards are named {name} ({places}).")


def _summary(damages: Sequence[RecordError], shards: int, split: str) -> str:
    if len(damages) == 1:
        return str(damages[0])
    named = "\n  ".join(str(damage) for damage in damages[:MOST_DAMAGES])
    more = len(damages) - MOST_DAMAGES
    return f"split {split}: {len(damages)} of {shards} shards cannot be used:\n  {named}" + (
        f"\n  and {more} more." if more > 0 else ""
    )
