"""Download plans: which files of a split to fetch, how large they are, and their MD5."""

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path

from yt8m.download.names import SAFE, local_name
from yt8m.errors import ArtefactError
from yt8m.json_files import COUNT, TEXT, Fits, Maybe, one_of, read_json, write_json

FORMAT = 1
NAME = Fits(lambda value: isinstance(value, str) and SAFE.fullmatch(value), "a name of a file")
MD5 = Fits(
    lambda value: isinstance(value, str) and len(value) == 32 and {*value} <= {*"0123456789abcdef"},
    "an MD5 of 32 hexadecimal digits",
)


@dataclass(frozen=True)
class File:
    """One file. name: the server's. md5: hexadecimal. size_bytes: None if the server hides it."""

    name: str
    md5: str
    size_bytes: int | None = None


@dataclass(frozen=True)
class Origin:
    """What a plan is of. subset: such as "1/100"."""

    version: int
    level: str
    split: str
    subset: str


@dataclass(frozen=True)
class DownloadPlan:
    """The files of a split, in the order of their names on disk.

    missing: names in the server's list of files that the server does not have. address: where the
    files are.
    """

    origin: Origin
    files: tuple[File, ...]
    missing: tuple[str, ...] = ()
    address: str = ""

    @cached_property
    def local_names(self) -> list[str]:
        """The name of each file on disk."""
        return [local_name(file.name, self.origin.split) for file in self.files]

    @property
    def size_bytes(self) -> int:
        """Bytes of all files whose size is known."""
        return sum(file.size_bytes or 0 for file in self.files)

    def part(self, number: int, size: int) -> list[int]:
        """The places of the files of a part. number: from 0. size: files in a part."""
        return list(range(len(self.files)))[number * size : (number + 1) * size]

    def write(self, path: Path) -> None:
        """Write the plan atomically."""
        content = {"format": FORMAT, **asdict(self.origin), "address": self.address}
        content |= {"files": [asdict(file) for file in self.files], "missing": [*self.missing]}
        write_json(path, content)


def plan_of(
    origin: Origin, files: Sequence[File], missing: Sequence[str] = (), address: str = ""
) -> DownloadPlan:
    """The plan for these files, in any order.

    Raises ValueError for a name that does not begin with the split, since all splits share one
    folder, and if two files have one name on disk.
    """
    for name in (file.name for file in files):
        if not name.startswith(origin.split):
            raise ValueError(f"{name}: does not begin with the name of its split, {origin.split}")
    ordered = sorted(files, key=lambda file: local_name(file.name, origin.split))
    plan = DownloadPlan(origin, tuple(ordered), tuple(sorted(missing)), address)
    counts = Counter(name.casefold() for name in plan.local_names)
    for file, local in zip(plan.files, plan.local_names, strict=True):
        if counts[local.casefold()] > 1:
            raise ValueError(f"{file.name}: another file has this name on disk, {local}")
    return plan


def read_plan(path: Path, origin: Origin) -> DownloadPlan:
    """Read what `DownloadPlan.write` wrote. Raises ArtefactError for anything else, and for a plan
    of other files.
    """
    file = {"name": NAME, "md5": MD5, "size_bytes": Maybe(COUNT)}
    shape = {word: one_of(value) for word, value in asdict(origin).items()}
    shape |= {"format": one_of(FORMAT), "address": TEXT, "files": [file], "missing": [NAME]}
    content = read_json(path, shape)
    files = [File(each["name"], each["md5"], each.get("size_bytes")) for each in content["files"]]
    try:
        return plan_of(origin, files, content["missing"], content["address"])
    except ValueError as error:
        raise ArtefactError(f"{path}: {error}; make the plan again") from None


def digest_of(paths: Sequence[str], files: Sequence[File]) -> str:
    """Digest of which content must be where. paths: of the files on disk."""
    held = [[path, file.md5] for path, file in zip(paths, files, strict=True)]
    return hashlib.sha256(json.dumps(held).encode()).hexdigest()[:32]
