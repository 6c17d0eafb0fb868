"""Many files at a time: what is there stays, and one that fails does not stop the others."""

import shutil
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from yt8m.download.plan import File
from yt8m.download.server import Server, UnreachableError
from yt8m.download.transfer import md5_of, part_path, transfer
from yt8m.download.verified import known_md5, remember
from yt8m.errors import DownloadError, LockError, OutputError
from yt8m.printable import MOST_NAMES
from yt8m.progress import Progress

MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Wanted:
    """A file to have. url: where the server has it. path: where it belongs."""

    file: File
    url: str
    path: Path


@dataclass(frozen=True)
class Report:
    """Numbers of files that were there already, and that were fetched; and bytes of the latter."""

    kept: int
    fetched: int
    fetched_bytes: int

    def __str__(self) -> str:
        return (
            f"{self.fetched:,} files fetched ({self.fetched_bytes:,} bytes), {self.kept:,} were "
            "there already"
        )


def fetch_all(wanted: Sequence[Wanted], connections: int, title: str) -> Report:
    """Fetch the files that are not there, so many at a time, and verify all by their MD5.

    A file whose MD5 is remembered is not read again, and one that is right is never fetched again.
    Raises DownloadError, after all others were fetched, naming at most ten files that could not be;
    OutputError at once if there is no room; UnreachableError as soon as one file was tried in vain.
    """
    unknown = [each for each in wanted if known_md5(each.path) != each.file.md5]
    _check_room([each for each in unknown if not each.path.exists()])
    fetched: list[Wanted] = []
    if unknown:
        with _Bar(unknown, title) as advance:
            fetched = _fetch(unknown, connections, advance)
    size = sum(each.path.stat().st_size for each in fetched)
    return Report(len(wanted) - len(fetched), len(fetched), size)


def _is_there(wanted: Wanted) -> bool:
    """Whether a file is in its place with the right MD5, which is then remembered."""
    if not wanted.path.is_file() or md5_of(wanted.path) != wanted.file.md5:
        return False
    remember(wanted.path, wanted.file.md5)
    return True


class _Bar:
    """Progress in megabytes, counted by several threads."""

    def __init__(self, wanted: Sequence[Wanted], title: str):
        total = sum(each.file.size_bytes or 0 for each in wanted)
        self._progress = Progress(title, "megabyte", -(-total // MEGABYTE))
        self._lock, self._bytes, self._shown = threading.Lock(), 0, 0

    def __enter__(self) -> Callable[[int], None]:
        self._progress.__enter__()
        return self._advance

    def __exit__(self, *error) -> None:
        self._progress.__exit__(*error)

    def _advance(self, count: int) -> None:
        with self._lock:
            self._bytes += count
            more = self._bytes // MEGABYTE - self._shown
            if more:
                self._shown += more
                self._progress.advance(more)


def _fetch(
    wanted: Sequence[Wanted], connections: int, advance: Callable[[int], None]
) -> list[Wanted]:
    """Fetch what is not there yet. Returns what was fetched."""
    stop, server = threading.Event(), Server(connections)
    failed: list[Exception] = []

    def fetch(each: Wanted) -> bool:
        if _is_there(each):
            advance(each.file.size_bytes or 0)
            return False
        transfer(server, each.url, each.file, each.path, advance, stop.is_set)
        return True

    pool = ThreadPoolExecutor(connections)
    try:
        jobs = {pool.submit(fetch, each): each for each in wanted}
        fetched = [jobs[job] for job in as_completed(jobs) if _has_fetched(job, failed)]
    finally:
        stop.set()
        pool.shutdown(cancel_futures=True)
        server.close()
    if failed:
        raise DownloadError(_summary(failed, len(wanted)))
    return fetched


def _has_fetched(job: Future, failed: list[Exception]) -> bool:
    """Whether a file was fetched, or else what prevents it, added to `failed`.

    Errors of the disk are raised, since they concern all files, and so is an unreachable server.
    """
    try:
        return job.result()
    except UnreachableError:
        raise
    except (DownloadError, LockError) as error:
        failed.append(error)
        return False


def _summary(failed: Sequence[Exception], files: int) -> str:
    if len(failed) == 1:
        return str(failed[0])
    lines = sorted(map(str, failed))
    more = len(lines) - MOST_NAMES
    rest = f"\n  and {more} more" if more > 0 else ""
    named = "\n  ".join(lines[:MOST_NAMES])
    return f"{len(failed)} of {files} files could not be fetched:\n  {named}{rest}"


def _check_room(wanted: Sequence[Wanted]) -> None:
    """Raises OutputError if the disk has no room for the files, as far as their sizes are known."""
    if not wanted:
        return
    folder = wanted[0].path.parent
    there = next(place for place in (folder, *folder.absolute().parents) if place.exists())
    needed = sum(max(0, (each.file.size_bytes or 0) - _arrived(each.path)) for each in wanted)
    free = shutil.disk_usage(there).free
    if needed > free:
        raise OutputError(
            f"{folder}: {len(wanted):,} files need {needed:,} bytes, but {free:,} are free; free "
            "some space, or choose another dataset.source.folder or a smaller subset"
        )


def _arrived(path: Path) -> int:
    """Bytes of a file that have arrived before."""
    part = part_path(path)
    return part.stat().st_size if part.exists() else 0
