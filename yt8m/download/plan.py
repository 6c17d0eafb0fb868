"""Plans of YouTube-8M: which files of a split to fetch, how large they are, and their MD5."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import ClassVar

from yt8m.download.names import SAFE, local_name
from yt8m.download.planned import DownloadPlan
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

    part_suffix: ClassVar[str] = ""

    @property
    def content_id(self) -> str:
        """The MD5."""
        return self.md5

    @property
    def known_md5(self) -> str:
        """The MD5."""
        return self.md5

    def is_whole(self, size_bytes: int, md5: str) -> bool:
        """Whether this is all of it, which its MD5 says."""
        return md5 == self.md5


@dataclass(frozen=True)
class Origin:
    """What a plan is of. subset: such as "1/100"."""

    version: int
    level: str
    split: str
    subset: str


@dataclass(frozen=True)
class ListedPlan(DownloadPlan):
    """The files of a split that are in a list of the server's. address: where the files are."""

    origin: Origin
    files: tuple[File, ...]
    missing: tuple[str, ...] = ()
    address: str = ""

    @cached_property
    def local_names(self) -> list[str]:
        """The name of each file on disk."""
        return [local_name(file.name, self.origin.split) for file in self.files]

    def write(self, path: Path) -> None:
        """Write the plan atomically."""
        content = {"format": FORMAT, **asdict(self.origin), "address": self.address}
        content |= {"files": [asdict(file) for file in self.files], "missing": [*self.missing]}
        write_json(path, content)


def plan_of(
    origin: Origin, files: Sequence[File], missing: Sequence[str] = (), address: str = ""
) -> ListedPlan:
    """The plan for these files, in any order.

    Raises ValueError for a name that does not begin with the split, since all splits share one
    folder, and if two files have one name on disk.
    """
    for name in (file.name for file in files):
        if not name.startswith(origin.split):
            raise ValueError(f"{name}: does not begin with the name of its split, {origin.split}")
    ordered = sorted(files, key=lambda file: local_name(file.name, origin.split))
    plan = ListedPlan(origin, tuple(ordered), tuple(sorted(missing)), address)
    counts = Counter(name.casefold() for name in plan.local_names)
    for file, local in zip(plan.files, plan.local_names, strict=True):
        if counts[local.casefold()] > 1:
            raise ValueError(f"{file.name}: another file has this name on disk, {local}")
    return plan


def read_plan(path: Path, origin: Origin) -> ListedPlan:
    """Read what `ListedPlan.write` wrote. Raises ArtefactError for anything else, and for a plan
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
