"""Plans of object stores: which objects of a split to fetch, how large they are, and which
version each is.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

from yt8m.download.object_addresses import UNSAFE, Address
from yt8m.download.plan import MD5
from yt8m.download.planned import DownloadPlan
from yt8m.errors import ArtefactError
from yt8m.json_files import AMOUNT, TEXT, Fits, Maybe, one_of, read_json, write_json

FORMAT = 1
KIND = "object_store"


@dataclass(frozen=True)
class StoredFile:
    """One object.

    name: its address. version: what the store calls this content: "etag:", "generation:" or, if it
    gives neither, "modified:" and a time. md5: hexadecimal, if the store vouches for it.
    """

    name: str
    version: str
    size_bytes: int
    md5: str | None = None

    @property
    def content_id(self) -> str:
        """The version."""
        return self.version

    @property
    def known_md5(self) -> str | None:
        """The MD5, or an ETag that may be one: a file on disk that has it is this object.

        The reverse does not hold: the ETag of an object that was uploaded in parts, or encrypted by
        keys of one's own, is not the MD5 of its content.
        """
        tag = self.version.removeprefix("etag:")
        return self.md5 or (tag if MD5.test(tag) else None)

    @property
    def part_suffix(self) -> str:
        """Parts of one version are never continued by those of another."""
        return f".{hashlib.sha256(self.version.encode()).hexdigest()[:12]}"

    def is_whole(self, size_bytes: int, md5: str) -> bool:
        """Whether this is all of it."""
        return size_bytes == self.size_bytes and self.md5 in (None, md5)


@dataclass(frozen=True)
class StorePlan(DownloadPlan):
    """The objects of a split. patterns: what they match."""

    patterns: tuple[str, ...]
    files: tuple[StoredFile, ...]

    @cached_property
    def local_names(self) -> list[str]:
        """The path of each file: scheme, bucket and key."""
        return [Address.parse(file.name).local_name for file in self.files]

    def write(self, path: Path) -> None:
        """Write the plan atomically."""
        content = {"format": FORMAT, "kind": KIND, "patterns": [*self.patterns]}
        write_json(path, content | {"files": [asdict(file) for file in self.files]})


def store_plan_of(patterns: Sequence[str], files: Sequence[StoredFile]) -> StorePlan:
    """The plan for these files, in this order.

    Raises ValueError if a name cannot be a path, and if two cannot be on one disk, which may not
    tell upper from lower case: equal names, and a name that is also a folder of another.
    """
    for file in files:
        if not Address.parse(file.name).has_safe_names:
            raise ValueError(f"{file.name}: {UNSAFE}")
    plan = StorePlan(tuple(patterns), tuple(files))
    names: dict[str, str] = {}
    for file, local in zip(plan.files, plan.local_names, strict=True):
        if other := names.get(local.casefold()):
            raise ValueError(f"{file.name}: has the name of {other} but for its case; {APART}")
        names[local.casefold()] = file.name
    for local, name in names.items():
        for folder in PurePosixPath(local).parents:
            if other := names.get(str(folder)):
                raise ValueError(f"{other}: is the name of a folder, too, that of {name}; {APART}")
    return plan


APART = "rename one of them, or leave one out by other patterns in dataset.source.files"
"""What would do about two objects that cannot be files on one disk."""


def read_store_plan(path: Path, patterns: Sequence[str]) -> StorePlan:
    """Read what `StorePlan.write` wrote. Raises ArtefactError for anything else, and for a plan of
    other patterns.
    """
    version = Fits(lambda value: isinstance(value, str) and ":" in value, "a version")
    file = {"name": TEXT, "version": version, "size_bytes": AMOUNT, "md5": Maybe(MD5)}
    shape = {"format": one_of(FORMAT), "kind": one_of(KIND), "patterns": [TEXT], "files": [file]}
    content = read_json(path, shape)
    if content["patterns"] != [*patterns]:
        raise ArtefactError(f"{path}: is a plan of other patterns; make the plan again")
    words = ("name", "version", "size_bytes", "md5")
    files = [StoredFile(*map(each.get, words)) for each in content["files"]]
    try:
        return store_plan_of(patterns, files)
    except ValueError as error:
        raise ArtefactError(f"{path}: {error}; make the plan again") from None
