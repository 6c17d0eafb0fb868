"""Whether a file is still the one that was read, without reading it again."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from pathlib import Path

from yt8m.errors import RecordError
from yt8m.files import check_regular


@dataclass(frozen=True)
class Identity:
    """File metadata that changes whenever other bytes take a name, whatever their date.

    A file that is moved, copied or restored into place has another inode or another ctime (time of
    the last change of any kind), which cannot be set back; a redirected link leads to another
    inode. Times are in nanoseconds of the file system's clock.
    """

    size_bytes: int
    modified_ns: int
    changed_ns: int
    inode: int


def identity_of(path: str | Path) -> Identity:
    """The identity of the file at `path`, following links.

    Raises RecordError unless it is a regular file that can be read.
    """
    try:
        found = check_regular(path)
    except OSError as error:
        raise RecordError(f"{path}: cannot be read ({error.strerror}).") from None
    return Identity(found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)


def digest_of_contents(paths: Iterable[str | Path]) -> str:
    """One digest of the contents of small files, in this order."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(hashlib.sha256(Path(path).read_bytes()).digest())
    return digest.hexdigest()[:32]


def digest_of_identities(paths: Iterable[str | Path]) -> str:
    """One digest of the names and identities of files, in this order.

    Raises RecordError for the first file that cannot be read.
    """
    digest = hashlib.sha256()
    for path in paths:
        digest.update(f"{json.dumps([str(path), *astuple(identity_of(path))])}\n".encode())
    return digest.hexdigest()[:32]
