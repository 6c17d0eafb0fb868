"""Many files at a time: what is there stays, and one that fails does not stop the others."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass

from yt8m.download.planned import Wanted
from yt8m.download.room import check_room
from yt8m.download.server import Server, UnreachableError
from yt8m.download.transfer import md5_of, transfer
from yt8m.download.verified import known_content, remember
from yt8m.errors import DownloadError, LockError
from yt8m.printable import MOST_NAMES, counted
from yt8m.progress import Progress

MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Report:
    """Numbers of files that were there already, and that were fetched; and bytes of the latter."""

    kept: int
    fetched: int
    fetched_bytes: int

    def __str__(self) -> str:
        return (
            f"{counted(self.fetched, 'file')} fetched ({self.fetched_bytes:,} bytes), "
            f"{self.kept:,} {'was' if self.kept == 1 else 'were'} there already"
        )


def fetch_all(
    wanted: Sequence[Wanted],
    open_server: Callable[[int], Server],
    connections: int,
    title: str,
) -> Report:
    """Fetch the files that are not there, so many at a time, and verify all.

    open_server: from a number of connections to the server, which is called if a file is missing.
    A file whose content is remembered is not read again, and one that is right never fetched again.
    Raises DownloadError, after all others were fetched, naming at most ten files that could not be;
    OutputError at once if there is no room; UnreachableError as soon as one file was tried in vain.
    """
    unknown = [each for each in wanted if known_content(each.path) != each.file.content_id]
    fetched: list[Wanted] = []
    if unknown:
        with _Bar(unknown, title) as advance:
            lacking = _lacking(unknown, connections, advance)
            if lacking:
                check_room(lacking, connections)
                fetched = _fetch(lacking, open_server, connections, advance)
    size = sum(each.path.stat().st_size for each in fetched)
    return Report(len(wanted) - len(fetched), len(fetched), size)


def _lacking(
    wanted: Sequence[Wanted], connections: int, advance: Callable[[int], None]
) -> list[Wanted]:
    """Those that must be fetched, once all that are on the disk were read."""

    def is_lacking(each: Wanted) -> bool:
        if not _is_there(each):
            return True
        advance(each.file.size_bytes or 0)
        return False

    with ThreadPoolExecutor(connections) as pool:
        answers = pool.map(is_lacking, wanted)
        return [each for each, is_so in zip(wanted, answers, strict=True) if is_so]


def _is_there(wanted: Wanted) -> bool:
    """Whether a file is in its place with the right MD5; its content is then remembered."""
    file = wanted.file
    if file.known_md5 is None or not wanted.path.is_file():
        return False
    if file.size_bytes not in (None, wanted.path.stat().st_size):
        return False
    if md5_of(wanted.path) != file.known_md5:
        return False
    remember(wanted.path, wanted.file.content_id)
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
    wanted: Sequence[Wanted],
    open_server: Callable[[int], Server],
    connections: int,
    advance: Callable[[int], None],
) -> list[Wanted]:
    """Fetch files. Returns them."""
    stop, server = threading.Event(), open_server(connections)
    failed: list[Exception] = []

    def fetch(each: Wanted) -> None:
        transfer(server, each.url, each.file, each.path, advance, stop.is_set)

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
        job.result()
    except UnreachableError:
        raise
    except (DownloadError, LockError) as error:
        failed.append(error)
        return False
    return True


def _summary(failed: Sequence[Exception], files: int) -> str:
    if len(failed) == 1:
        return str(failed[0])
    lines = sorted(map(str, failed))
    more = len(lines) - MOST_NAMES
    rest = f"\n  and {more} more" if more > 0 else ""
    named = "\n  ".join(lines[:MOST_NAMES])
    return f"{len(failed)} of {files} files could not be fetched:\n  {named}{rest}"
