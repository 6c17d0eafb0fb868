"""What all download plans share: files, how to recognise their content, and names on disk."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


class PlannedFile(Protocol):
    """A file that a server has."""

    @property
    def name(self) -> str:
        """The server's."""

    @property
    def size_bytes(self) -> int | None:
        """None if the server hides it."""

    @property
    def md5(self) -> str | None:
        """The MD5 that the content must have, in hexadecimal; None if the server does not tell."""

    @property
    def content_id(self) -> str:
        """Another one belongs to other content: the MD5, or what a server has in its place."""

    @property
    def known_md5(self) -> str | None:
        """An MD5 by which a file on disk is known to be this one; None if there is none."""

    @property
    def part_suffix(self) -> str:
        """Ending of the name of what has arrived, for files whose parts have no MD5."""

    def is_whole(self, size_bytes: int, md5: str) -> bool:
        """Whether this is all of it."""


@dataclass(frozen=True)
class Wanted:
    """A file to have. url: where the server has it. path: where it belongs."""

    file: PlannedFile
    url: str
    path: Path


class DownloadPlan:
    """The files of a split, in the order of their names on disk."""

    files: tuple[PlannedFile, ...]
    missing: tuple[str, ...] = ()
    """Names in the server's list of files that the server does not have."""

    @property
    def local_names(self) -> list[str]:
        """The path of each file on disk, below the folder of the download."""
        raise NotImplementedError

    @property
    def size_bytes(self) -> int:
        """Bytes of all files whose size is known."""
        return sum(file.size_bytes or 0 for file in self.files)

    def write(self, path: Path) -> None:
        """Write the plan atomically."""
        raise NotImplementedError


def digest_of(paths: Sequence[str], files: Sequence[PlannedFile]) -> str:
    """Digest of which content must be where. paths: of the files on disk."""
    held = [[path, file.content_id] for path, file in zip(paths, files, strict=True)]
    return hashlib.sha256(json.dumps(held).encode()).hexdigest()[:32]
