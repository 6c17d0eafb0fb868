"""One file: what has arrived of it is kept, and continued where it broke off, also after a kill."""

import hashlib
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from yt8m.download import server as servers
from yt8m.download.planned import PlannedFile
from yt8m.download.server import ChangedError, GoneError, Server
from yt8m.download.verified import known_content, remember
from yt8m.errors import DownloadError
from yt8m.locks import OWNER, locked
from yt8m.parent import refuse_orphans
from yt8m.write_errors import naming_write_errors

BREAKS = 5
"""Attempts in a row without a new byte after which a file is given up."""

BLOCK = 1 << 22
"""Bytes to read at a time from a disk."""


class StoppedError(Exception):
    """The transfer was asked to stop; what has arrived is kept."""


class Part:
    """What has arrived of a file, and its MD5. size: bytes."""

    def __init__(self, path: Path):
        self._file = path.open("ab+")
        self._file.seek(0)
        self._digest = _md5()
        self.size = 0
        while block := self._file.read(BLOCK):
            self._digest.update(block)
            self.size += len(block)

    @property
    def md5(self) -> str:
        """Of all that has arrived, in hexadecimal."""
        return self._digest.hexdigest()

    def append(self, chunk: bytes) -> None:
        """Add what follows."""
        self._file.write(chunk)
        self._digest.update(chunk)
        self.size += len(chunk)

    def restart(self) -> None:
        """Drop everything."""
        self._file.truncate(0)
        self._digest, self.size = _md5(), 0

    def close(self) -> None:
        """Write everything to the disk, once."""
        if self._file.closed:
            return
        try:
            self._file.flush()
            os.fsync(self._file.fileno())
        finally:
            self._file.close()


def _md5():
    return hashlib.md5(usedforsecurity=False)


def md5_of(path: Path) -> str:
    """The MD5 of a file on disk, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, _md5).hexdigest()


def transfer(
    server: Server,
    url: str,
    file: PlannedFile,
    path: Path,
    advance: Callable[[int], None] = lambda count: None,
    stopped: Callable[[], bool] = lambda: False,
) -> None:
    """Fetch a file to `path`, atomically and verified, and remember that it is.

    advance: called with the bytes that have arrived since the last call; negative if they are
        dropped. stopped: whether to stop now.
    Raises GoneError if the server does not have it; ChangedError if it has another one by now;
    DownloadError for content with another MD5 even after it was fetched anew, and for too many
    breaks in a row; OutputError if it cannot be written; LockError while another process fetches
    it; StoppedError.
    """
    with _part_of(path, file) as (part, finish):
        if known_content(path) == file.content_id:  # another process has fetched it meanwhile
            return
        advance(part.size)
        for is_last in (False, True):
            _fill(server, url, file, part, advance, stopped)
            if file.is_whole(part.size, part.md5):
                _confirm(server, url, file, part, advance)
                finish()
                remember(path, file.content_id)
                return
            found = part.md5
            _drop(part, advance)
            if is_last:
                raise DownloadError(
                    f"{url}: has MD5 {found}, but the plan says {file.md5}, also after it was "
                    "fetched anew; try later, another mirror, or make the plan again"
                )


def part_path(path: Path, file: PlannedFile) -> Path:
    """Where the part of a file is that has arrived, in a folder of its own."""
    return path.with_name(f".{path.name}.download") / f"{path.name}{file.part_suffix}"


@contextmanager
def _part_of(path: Path, file: PlannedFile) -> Iterator[tuple[Part, Callable[[], None]]]:
    """The part of a file, and a function that puts it in place."""
    place = part_path(path, file)
    with locked(place.parent, path), naming_write_errors(path, place.parent):
        _drop_others(place)
        part = Part(place)

        def finish() -> None:
            part.close()
            refuse_orphans()
            place.replace(path)

        try:
            yield part, finish
        finally:
            part.close()


def _drop_others(place: Path) -> None:
    """Remove what has arrived of other content that the file once had."""
    for left in place.parent.iterdir():
        if left.name not in (OWNER, place.name):
            left.unlink()


def _confirm(server: Server, url: str, file: PlannedFile, part: Part, advance) -> None:
    """Raises ChangedError if the server has other content by now; what has arrived is dropped,
    since it may be of both.
    """
    try:
        server.confirm(url, file)
    except ChangedError:
        _drop(part, advance)
        raise


def _fill(server: Server, url: str, file: PlannedFile, part: Part, advance, stopped) -> None:
    """Fetch until the part is as large as the file, or all that the server sends is there."""
    breaks = 0
    while not file.is_whole(part.size, part.md5):
        before = part.size
        if stopped():
            raise StoppedError
        try:
            ended = _receive(server, url, file, part, advance, stopped)
            if ended and (file.size_bytes is None or part.size >= file.size_bytes):
                return
            error = DownloadError(f"{url}: the connection broke off")
        except (GoneError, ChangedError):
            raise
        except DownloadError as found:
            error = found
        breaks = 0 if part.size > before else breaks + 1
        if breaks == BREAKS:
            raise error
        if breaks:
            time.sleep(servers.BACKOFF * 2 ** (breaks - 2))


def _receive(server: Server, url: str, file: PlannedFile, part: Part, advance, stopped) -> bool:
    """Append what the server sends, up to more than the file has. Returns whether anything came."""
    with server.content(url, file, part.size) as (begin, chunks):
        if begin != part.size:
            _drop(part, advance)
        for chunk in chunks:
            if stopped():
                raise StoppedError
            part.append(chunk)
            advance(len(chunk))
            if file.size_bytes is not None and part.size > file.size_bytes:
                break
    return part.size > 0


def _drop(part: Part, advance) -> None:
    advance(-part.size)
    part.restart()
