"""Reading every shard of a split once, before hours are spent on it, and listing what is there.

Each record's checksum is verified and its content decoded, so a later step meets no damage.
"""

import glob
import hashlib
import os
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from yt8m.data.distilled import teacher_of
from yt8m.data.examples import decode_video
from yt8m.data.manifest import Manifest, Shard, read_manifest
from yt8m.data.schema import Schema
from yt8m.data.soft_labels import decode_soft_label
from yt8m.data.tfrecord import map_file, payload_of, record_end
from yt8m.errors import RecordError
from yt8m.progress import progress

MOST_DAMAGES = 10
"""Damaged shards that one message names."""

ADVICE = (
    "Fetch or write such a shard again or leave it out; if it is right, the classes, features or "
    "layout that the settings of the dataset promise are not."
)


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
    teacher: str | None = None,
) -> Manifest:
    """Read all shards wholly and list them, in the order given (a pattern's: by name).

    shards: paths, or one glob pattern.
    workers: threads; hashing and checksums, the bulk of the work, run side by side.
    require_labels: whether a split in which no video has a label is an error.
    source: of distilled shards, the manifest of their videos. teacher: digest of theirs.
    Raises RecordError for a pattern without matches, a shard that is given twice, missing, empty,
    distilled by another teacher or from other videos, for damage (the first in each shard, of at
    most ten shards), and where some videos have a teacher's predictions with them and others do
    not.
    """
    paths = find_shards(shards) if isinstance(shards, str) else [Path(path) for path in shards]
    _check_paths(paths, split)
    with ThreadPoolExecutor(workers or min(8, os.cpu_count() or 1)) as pool:
        results = pool.map(lambda path: _survey_or_error(path, schema, kind), paths)
        found = list(progress(results, split, "shard", len(paths)))
    damages = [result for result in found if isinstance(result, RecordError)]
    if damages:
        raise RecordError(_summary(damages, len(paths), split))
    if require_labels and not any(one.labels for one in found):
        raise RecordError(
            f"split {split}: none of the videos in {len(paths)} shards has a label; "
            "labelled shards are needed here (the test split of YouTube-8M has none)."
        )
    _check_all_alike(found, split)
    origins = [(one.shard.path, one.origins) for one in found]
    teacher = teacher_of(origins, teacher, read_manifest(source) if source else None)
    return Manifest(schema, split, tuple(one.shard for one in found), kind, source, teacher)


@dataclass(frozen=True)
class Surveyed:
    """A shard's entry, how many labels and teacher's predictions its videos have, and whose."""

    shard: Shard
    labels: int
    predicted: int
    origins: frozenset[bytes]


def survey_shard(path: Path, schema: Schema, kind: str = "frames") -> Surveyed:
    """What a shard holds. Raises RecordError for its first damage."""
    data = map_file(path)
    start = records = labels = predicted = 0
    origins = set()
    while start < len(data):
        where = f"{path}, record {records}"
        end = record_end(data, start, where)
        payload = payload_of(data, start, end, where, check_crc=True)
        if kind == "frames":
            record = decode_video(payload, schema, where)
            predicted += record.predictions is not None
        else:
            record = decode_soft_label(payload, schema.classes, where)
        labels += len(record.labels)
        origins.add(record.origin)
        start, records = end, records + 1
    if not records:
        raise RecordError(f"{path}: holds no records; remove it or write it again.")
    shard = Shard(path, records, len(data), hashlib.sha256(data).hexdigest())
    return Surveyed(shard, labels, predicted, frozenset(origins))


def _survey_or_error(path: Path, schema: Schema, kind: str) -> Surveyed | RecordError:
    try:
        return survey_shard(path, schema, kind)
    except RecordError as error:
        return error


def _check_paths(paths: Sequence[Path], split: str) -> None:
    if not paths:
        raise RecordError(f"split {split}: has no shards.")
    places = [os.path.realpath(path) for path in paths]
    counts = Counter(places)
    for path, place in zip(paths, places, strict=True):
        if counts[place] > 1:
            raise RecordError(f"split {split}: {path} is given twice; name it once.")


def _check_all_alike(found: Sequence[Surveyed], split: str) -> None:
    """A student needs predictions of every video, and other models of none."""
    predicted = sum(one.predicted for one in found)
    records = sum(one.shard.records for one in found)
    if 0 < predicted < records:
        one = next(one for one in found if one.predicted < one.shard.records)
        without = one.shard.records - one.predicted
        raise RecordError(
            f"{one.shard.path}: {without} of its {one.shard.records} records hold no predictions, "
            f"but others of split {split} do; give shards that all do, or none."
        )


def _summary(damages: Sequence[RecordError], shards: int, split: str) -> str:
    if len(damages) == 1:
        return f"{damages[0]} {ADVICE}"
    named = "\n  ".join(str(damage) for damage in damages[:MOST_DAMAGES])
    more = len(damages) - MOST_DAMAGES
    rest = f"\n  and {more} more." if more > 0 else ""
    head = f"split {split}: {len(damages)} of {shards} shards cannot be used:"
    return f"{head}\n  {named}{rest}\n{ADVICE}"
