"""Reads and checks every shard of a split once, before hours of training, and lists them.

Each record's checksum is verified and its content decoded, so later steps meet no damaged records.
"""

import glob
import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from yt8m.data.checks import REFUSE_ALL, Checks, Problems, settle
from yt8m.data.distilled import teacher_of
from yt8m.data.identity import Identity, identity_of
from yt8m.data.manifest import Manifest, read_manifest
from yt8m.data.schema import Schema
from yt8m.data.shard_survey import ShardSurvey, survey_shard
from yt8m.data.survey_cache import SurveyCache
from yt8m.errors import RecordError
from yt8m.printable import printable
from yt8m.progress import Progress
from yt8m.sources import digest_of
from yt8m.state import state_key

MOST_DAMAGES = 10
"""Most damaged shards that one message names."""

ADVICE = (
    "If the shard is right, fix dataset.classes, dataset.features or dataset.layout; if not, fetch "
    "or write it again, or leave it out."
)


def find_shards(pattern: str) -> list[Path]:
    """Files that match a glob pattern, sorted by name. Raises RecordError if there are none."""
    paths = sorted(Path(path) for path in glob.glob(pattern, recursive=True))  # noqa: PTH207
    if not paths:
        raise RecordError(f"{pattern}: no shard matches this pattern.")
    return paths


@dataclass(frozen=True)
class Survey:
    """A split's manifest, and `hash_of_id` of each video in its order, uint64 [records]."""

    manifest: Manifest
    ids: np.ndarray


def build_manifest(*arguments: Any, **options: Any) -> Manifest:
    """Only the manifest of `survey_split`, with the same arguments."""
    return survey_split(*arguments, **options).manifest


def survey_split(
    shards: str | Sequence[str | Path],
    schema: Schema,
    split: str,
    workers: int | None = None,
    require_labels: bool = False,
    kind: str = "frames",
    source: Path | None = None,
    checks: Checks = REFUSE_ALL,
    state: Path | None = None,
    teacher: str | None = None,
) -> Survey:
    """Read all shards completely and list them, in the given order (for a pattern: by name).

    shards: paths, or one glob pattern.
    Other arguments, and errors: as for `survey_shards` and `survey_of`; a pattern needs matches.
    """
    paths = find_shards(shards) if isinstance(shards, str) else [Path(path) for path in shards]
    found = survey_shards(paths, schema, split, workers, kind, state)
    return survey_of(found, schema, split, require_labels, kind, source, checks, teacher)


def survey_shards(
    paths: Sequence[Path],
    schema: Schema,
    split: str,
    workers: int | None = None,
    kind: str = "frames",
    state: Path | None = None,
) -> list[ShardSurvey]:
    """Read shards completely, in the given order: all those of a split, or some of them.

    workers: threads; hashing and checksums, the bulk of the work, run in parallel.
    state: folder that caches the findings of each shard; under the same schema and code, a shard is
        read again only if it is no longer the same file.
    Raises RecordError for a shard that is listed twice, missing, empty, or modified while it is
    read; and for damage (the first in each shard, of at most ten shards).
    """
    check_paths(paths, split)
    cache = SurveyCache(state and state / state_key(schema.as_json(), kind, digest_of(__name__)))
    workers = workers or min(8, os.cpu_count() or 1)
    with ThreadPoolExecutor(workers) as pool, Progress(split, "shard", len(paths)) as bar:
        results = pool.map(lambda path: _survey_anew(path, schema, kind, cache), paths)
        found = list(_kept(results, cache, bar))
    damages = [result for result in found if isinstance(result, RecordError)]
    if damages:
        raise RecordError(_summary(damages, len(paths), split))
    cache.keep_only((one.shard.path, one.identity) for one in found)
    return found


def survey_of(
    found: Sequence[ShardSurvey],
    schema: Schema,
    split: str,
    require_labels: bool = False,
    kind: str = "frames",
    source: Path | None = None,
    checks: Checks = REFUSE_ALL,
    teacher: str | None = None,
) -> Survey:
    """The survey of a split from the findings about all its shards, in their order.

    require_labels: whether a split in which no video has a label is an error.
    source: of distilled shards, the manifest of their videos. teacher: digest of their teacher.
    checks: which problems of records are refused; warnings about others are printed.
    Raises RecordError if only some videos hold a teacher's probabilities, for shards that are
    distilled by another teacher or from other videos, and for problems that `checks` refuses.
    """
    labels = sum(one.labels for one in found)
    if require_labels and not labels:
        raise RecordError(
            f"split {split}: none of the videos in {len(found)} shards has a label; use labelled "
            "shards (the test split of YouTube-8M has no labels)."
        )
    _check_all_alike(found, split)
    problems = Problems()
    problems.add_all(one.problems for one in found)
    for line in settle(problems, checks, labels, split):
        print(printable(line), file=sys.stderr, flush=True)
    origins = [(one.shard.path, one.origins) for one in found]
    teacher = teacher_of(origins, teacher, read_manifest(source) if source else None)
    manifest = Manifest(schema, split, tuple(one.shard for one in found), kind, source, teacher)
    return Survey(manifest, np.concatenate([one.ids for one in found]))


def _survey_anew(
    path: Path, schema: Schema, kind: str, cache: SurveyCache
) -> tuple[bool, ShardSurvey | RecordError]:
    """Whether the shard was read, and its content (from the cache or read now) or its damage."""
    try:
        identity = identity_of(path)
        if (known := _known(path, identity, cache)) is not None:
            return False, known
        found = replace(survey_shard(path, schema, kind), identity=identity)
        if identity_of(path) != identity:
            raise RecordError(f"{path}: changed while it was read; is it complete?")
        return True, found
    except RecordError as error:
        return False, error


def _known(path: Path, identity: Identity, cache: SurveyCache) -> ShardSurvey | None:
    """The cached finding, or None if there is none or the cache is damaged."""
    try:
        found = cache.get(path, identity)
        return None if found is None else ShardSurvey.from_json(path, identity, found)
    except (AttributeError, KeyError, TypeError, ValueError):
        return None


def _kept(
    results: Iterable[tuple[bool, ShardSurvey | RecordError]], cache: SurveyCache, bar: Progress
) -> Iterator[ShardSurvey | RecordError]:
    """Passes the results on, and caches whatever was read at once."""
    for is_new, found in results:
        if is_new:
            cache.add(found.shard.path, found.identity, found.as_json())
        bar.advance()
        yield found


def check_paths(paths: Sequence[Path], split: str) -> None:
    """Raises RecordError if there is no shard, or one is listed twice."""
    if not paths:
        raise RecordError(f"split {split}: has no shards.")
    places = [os.path.realpath(path) for path in paths]
    counts = Counter(places)
    for path, place in zip(paths, places, strict=True):
        if counts[place] > 1:
            raise RecordError(f"split {split}: {path} is listed twice; list it once.")


def _check_all_alike(found: Sequence[ShardSurvey], split: str) -> None:
    """Refuse splits in which only some videos hold a teacher's probabilities."""
    predicted = sum(one.predicted for one in found)
    records = sum(one.shard.records for one in found)
    if 0 < predicted < records:
        one = next(one for one in found if one.predicted < one.shard.records)
        without = one.shard.records - one.predicted
        raise RecordError(
            f"{one.shard.path}: {without} of its {one.shard.records} records hold no predictions, "
            f"but others of split {split} do; use shards that all do, or none that does."
        )


def _summary(damages: Sequence[RecordError], shards: int, split: str) -> str:
    if len(damages) == 1:
        return f"{damages[0]} {ADVICE}"
    named = "\n  ".join(str(damage) for damage in damages[:MOST_DAMAGES])
    more = len(damages) - MOST_DAMAGES
    rest = f"\n  and {more} more." if more > 0 else ""
    head = f"split {split}: {len(damages)} of {shards} shards cannot be used:"
    return f"{head}\n  {named}{rest}\n{ADVICE}"
