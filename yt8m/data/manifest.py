"""A manifest: the JSON file that says which shards make a split, and what is in them.

Everything downstream waits for manifests, not for shards. Since they hold digests, a shard written
again with the same bytes changes nothing. A manifest of many shards is large, so a small file
beside it holds its own digest: by that the workflow tells whether its content is another.
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
"""Of a split, thirty times those of YouTube-8M. Their order is kept in memory."""

_SHARD = {"path": PATH, "records": COUNT, "size_bytes": COUNT, "digest": DIGEST}
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
    """One TFRecord file. digest: SHA-256 of its bytes, in hexadecimal."""

    path: Path
    records: int
    size_bytes: int
    digest: str


@dataclass(frozen=True)
class Manifest:
    """The shards of a split.

    kind: "frames" (videos, of either layout) or "soft_labels" (a teacher's predictions).
    source: of distilled shards, the manifest of the videos they belong to, shard by shard.
    teacher: of distilled shards, the first digits of its digest; None where it is not known.
    written_ns: when its file was changed last, in nanoseconds of the file system's clock; a shard
        changed since then is compared with its digest when it is opened. None without a file.
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
        """Videos in all shards."""
        return sum(shard.records for shard in self.shards)

    @property
    def digest(self) -> str:
        """Of all shards' content, wherever they lie."""
        return hashlib.sha256(json.dumps([s.digest for s in self.shards]).encode()).hexdigest()

    @property
    def shard_sizes(self) -> list[int]:
        """Videos in each shard."""
        return [shard.records for shard in self.shards]


def digest_file(manifest: str | Path) -> Path:
    """Where the digest of what a manifest lists lies."""
    return Path(manifest).with_suffix(".digest")


def write_manifest(manifest: Manifest, path: str | Path) -> None:
    """Write it, complete or not at all, and its digest beside it.

    Relative paths are kept relative to its own folder.
    """
    path = Path(path)
    content = {
        "format": FORMAT,
        "kind": manifest.kind,
        "records": manifest.records,
        "schema": manifest.schema.as_json(),
        "shards": [
            asdict(shard) | {"path": _stored(shard.path, path)} for shard in manifest.shards
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
    """Write, beside `path`, the digest of what a manifest lists: wherever its shards lie."""
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
    """The manifest, its paths resolved against its folder.

    Raises ArtefactError when there is no such file, it is something else, or its values cannot be.
    """
    path = Path(path)
    content = read_json(path, MAPPING)
    found = content.get("format"), content.get("kind")
    if found[0] != FORMAT or found[1] not in KINDS:
        raise ArtefactError(
            f"{path}: is no manifest of format {FORMAT} and kind {' or '.join(KINDS)}, but of "
            f"{shortened(found[0])} and {shortened(found[1])}; write it again"
        )
    expect(content, _MANIFEST, path)
    try:
        manifest = _as_manifest(content, path)
        written_ns = path.stat().st_ctime_ns
    except OSError as error:
        raise ArtefactError(f"{path}: cannot be read ({error.strerror})") from None
    except (TypeError, ValueError) as error:
        raise ArtefactError(f"{path}: is no manifest ({error}); write it again") from None
    return replace(manifest, written_ns=written_ns)


def _as_manifest(content: Mapping[str, Any], path: Path) -> Manifest:
    """Raises TypeError or ValueError for values that contradict each other."""
    shards = [
        Shard(**shard | {"path": _resolved(shard["path"], path)}) for shard in content["shards"]
    ]
    source = content["source"]
    manifest = Manifest(
        Schema.from_json(content["schema"]),
        content["split"],
        tuple(shards),
        content["kind"],
        None if source is None else _resolved(source, path),
        content["teacher"],
    )
    if manifest.records > MOST_RECORDS:
        raise ValueError(f"{manifest.records} records, more than the {MOST_RECORDS} that can be")
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
            f"split {distilled.split}: its distilled shards hold predictions of teacher "
            f"{distilled.teacher}, but {where} is of teacher {teacher[:8]}; distil again."
        )


def _stored(path: Path, manifest: Path) -> str:
    path = Path(path)
    return str(path) if path.is_absolute() else os.path.relpath(path, manifest.parent)


def _resolved(stored: str, manifest: Path) -> Path:
    return Path(os.path.normpath(manifest.parent / stored))
