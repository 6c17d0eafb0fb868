"""A manifest: the JSON file that lists the shards of a split, and what they contain.

Everything downstream depends on manifests, not on shards. Since they hold digests, a shard that is
rewritten with the same bytes changes nothing. A manifest of many shards is large, so a small file
next to it holds its digest, by which the workflow detects that its content has changed.
"""

import hashlib
import json
import os
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from yt8m.atomic import replacing
from yt8m.data.schema import Schema
from yt8m.errors import ArtefactError
from yt8m.json_files import COUNT, DIGEST, MAPPING, PATH, TEXT, Maybe, expect, read_json
from yt8m.printable import shortened

FORMAT = 2
KINDS = ("frames", "soft_labels")
MOST_RECORDS = 1 << 28
"""Most records of a split, thirty times those of YouTube-8M: their order is held in memory."""

_SHARD = {"path": PATH, "records": COUNT, "size_bytes": COUNT, "digest": DIGEST, "of": Maybe(COUNT)}
_MANIFEST = {
    "kind": TEXT,
    "records": COUNT,
    "schema": MAPPING,
    "shards": [_SHARD],
    "source": Maybe(PATH),
    "split": TEXT,
    "teacher": Maybe(TEXT),
}


@dataclass(frozen=True)
class Shard:
    """One TFRecord file. digest: SHA-256 of its bytes, in hexadecimal.

    records: how many count, from the first. of: how many it holds, if not all of them count.
    """

    path: Path
    records: int
    size_bytes: int
    digest: str
    of: int | None = None

    @property
    def content(self) -> str:
        """What the records that count are known by."""
        return self.digest if self.of is None else f"{self.digest}/{self.records}"

    @property
    def records_in_file(self) -> int:
        """How many records the file holds."""
        return self.records if self.of is None else self.of


@dataclass(frozen=True)
class Manifest:
    """The shards of a split.

    kind: "frames" (videos, of either layout) or "soft_labels" (a teacher's probabilities).
    source: of distilled shards, the manifest of the videos that they belong to, shard by shard.
    teacher: of distilled shards, the first digits of the teacher's digest; None if unknown.
    written_ns: last change of its file, in nanoseconds of the file system's clock; a shard that
        changed later is compared with its digest when it is opened. None without a file.
    """

    schema: Schema
    split: str
    shards: tuple[Shard, ...]
    kind: str = "frames"
    source: Path | None = None
    teacher: str | None = None
    written_ns: int | None = field(default=None, compare=False)

    @property
    def records(self) -> int:
        """Number of videos in all shards."""
        return sum(shard.records for shard in self.shards)

    @property
    def digest(self) -> str:
        """Digest of the content of all shards that counts, independent of their paths."""
        return hashlib.sha256(json.dumps([s.content for s in self.shards]).encode()).hexdigest()

    @property
    def shard_sizes(self) -> list[int]:
        """Number of videos in each shard."""
        return [shard.records for shard in self.shards]


def digest_file(manifest: str | Path) -> Path:
    """Path of the file with a manifest's digest."""
    return Path(manifest).with_suffix(".digest")


def write_manifest(manifest: Manifest, path: str | Path) -> None:
    """Write a manifest atomically, and its digest next to it.

    Relative paths are stored relative to the manifest's folder.
    """
    path = Path(path)
    content = {
        "format": FORMAT,
        "kind": manifest.kind,
        "records": manifest.records,
        "schema": manifest.schema.as_json(),
        "shards": [
            _as_json(shard) | {"path": _stored(shard.path, path)} for shard in manifest.shards
        ],
        "source": None if manifest.source is None else _stored(manifest.source, path),
        "split": manifest.split,
        "teacher": manifest.teacher,
    }
    text = json.dumps(content, indent=1, sort_keys=True) + "\n"
    with replacing(path) as unfinished:
        unfinished.write_text(text)
    write_digest(manifest, path)


def write_digest(manifest: Manifest, path: str | Path) -> None:
    """Write the digest of a manifest's content next to `path`; the shards' paths do not count."""
    content = {
        "format": FORMAT,
        "kind": manifest.kind,
        "schema": manifest.schema.as_json(),
        "shards": [[shard.records, shard.digest] for shard in manifest.shards],
        "split": manifest.split,
        "teacher": manifest.teacher,
    }
    text = json.dumps(content, sort_keys=True)
    with replacing(digest_file(path)) as unfinished:
        unfinished.write_text(hashlib.sha256(text.encode()).hexdigest() + "\n")


def read_manifest(path: str | Path) -> Manifest:
    """Read a manifest; its paths are resolved against its folder.

    Raises ArtefactError if the file is missing, is something else, or holds inconsistent values.
    """
    path = Path(path)
    content = read_json(path, MAPPING)
    found = content.get("format"), content.get("kind")
    if found[0] != FORMAT or found[1] not in KINDS:
        raise ArtefactError(
            f"{path}: is not a valid manifest: expected format {FORMAT} and kind "
            f"{' or '.join(KINDS)}, found {shortened(found[0])} and {shortened(found[1])}; "
            "write it again"
        )
    expect(content, _MANIFEST, path)
    try:
        manifest = _as_manifest(content, path)
        written_ns = path.stat().st_ctime_ns
    except OSError as error:
        raise ArtefactError(f"{path}: cannot be read ({error.strerror})") from None
    except (TypeError, ValueError) as error:
        raise ArtefactError(f"{path}: is not a valid manifest ({error}); write it again") from None
    return replace(manifest, written_ns=written_ns)


def _as_json(shard: Shard) -> dict[str, Any]:
    """Its fields; `of` only if there is a limit."""
    return {name: value for name, value in asdict(shard).items() if value is not None}


def _as_manifest(content: Mapping[str, Any], path: Path) -> Manifest:
    """Raises TypeError or ValueError for inconsistent values."""
    shards = [
        Shard(**shard | {"path": _resolved(shard["path"], path)}) for shard in content["shards"]
    ]
    source = content.get("source")
    manifest = Manifest(
        Schema.from_json(content["schema"]),
        content["split"],
        tuple(shards),
        content["kind"],
        None if source is None else _resolved(source, path),
        content.get("teacher"),
    )
    if more := next((shard for shard in shards if shard.records > shard.records_in_file), None):
        raise ValueError(f"{more.records} of the {more.of} records of {more.path}")
    if manifest.records > MOST_RECORDS:
        raise ValueError(f"{manifest.records} records, more than the limit of {MOST_RECORDS}")
    if manifest.records != content["records"]:
        raise ValueError(f"{content['records']} records, but {manifest.records} in its shards")
    place, times = Counter(shard.path for shard in shards).most_common(1)[0]
    if times > 1:
        raise ValueError(f"{place} is listed {times} times")
    return manifest


def check_same_split(videos: Manifest, soft_labels: Manifest) -> None:
    """Raises ArtefactError unless each shard of soft labels has as many records as its videos."""
    expected, found = len(videos.shards), len(soft_labels.shards)
    if found != expected:
        raise ArtefactError(
            f"split {videos.split}: {found} shards of soft labels for {expected} shards of videos; "
            "write the soft labels again."
        )
    for shard, soft in zip(videos.shards, soft_labels.shards, strict=True):
        if shard.records != soft.records:
            raise ArtefactError(
                f"{soft.path}: holds {soft.records} soft labels, {shard.path} {shard.records} "
                "videos; write the soft labels again."
            )


def check_teacher(distilled: Manifest, teacher: str, where: Path) -> None:
    """Raises ArtefactError unless distilled shards are of this teacher; `where` has its digest."""
    if distilled.teacher is None or not teacher.startswith(distilled.teacher):
        raise ArtefactError(
            f"split {distilled.split}: its distilled shards hold soft labels of teacher "
            f"{distilled.teacher}, but {where} is of teacher {teacher[:8]}; distil again."
        )


def _stored(path: Path, manifest: Path) -> str:
    path = Path(path)
    return str(path) if path.is_absolute() else os.path.relpath(path, manifest.parent)


def _resolved(stored: str, manifest: Path) -> Path:
    return Path(os.path.normpath(manifest.parent / stored))
