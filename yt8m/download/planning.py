"""Asks YouTube-8M's servers what there is to download, before anything is fetched."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from yt8m.download.names import Subset
from yt8m.download.plan import File, ListedPlan, Origin, plan_of
from yt8m.download.server import GoneError
from yt8m.download.web_server import WebServer
from yt8m.errors import DownloadError
from yt8m.progress import Progress


@dataclass(frozen=True)
class Addresses:
    """Where a server has its lists of files, and the files: folders above the version's."""

    lists: str
    files: str

    def list_of(self, origin: Origin) -> str:
        """The list of all files of a split."""
        return f"{self.lists}/{origin.version}/download_plans/{origin.level}_{origin.split}.json"

    def file(self, origin: Origin, name: str) -> str:
        """One file of a split."""
        return f"{self.files}/{origin.version}/{origin.level}/{origin.split}/{name}"


def make_plan(
    server: WebServer,
    addresses: Addresses,
    origin: Origin,
    threads: int,
) -> ListedPlan:
    """The plan of a subset of a split: every file of it, with its size, and those that are missing.

    threads: how many files to ask for at a time.
    Raises DownloadError if the server has no list of the split, or none of its files.
    """
    where, subset = addresses.list_of(origin), Subset.parse(origin.subset)
    try:
        listed = server.list_files(where)
    except GoneError as error:
        raise DownloadError(f"{error}; check version, level and splits, or address") from None
    chosen = sorted(name for name in listed if name in subset)
    if not chosen:
        raise DownloadError(f"{where}: none of its {len(listed):,} files is in subset {subset}")
    files, missing = [], []

    def size_of(name: str) -> int | GoneError | None:
        try:
            return server.size_of(addresses.file(origin, name))
        except GoneError as error:
            return error

    title = f"plan {origin.split}"
    with ThreadPoolExecutor(threads) as pool, Progress(title, "file", len(chosen)) as bar:
        for name, size in zip(chosen, pool.map(size_of, chosen), strict=True):
            if isinstance(size, GoneError):
                missing.append(name)
            else:
                files.append(File(name, listed[name], size))
            bar.advance()
    if not files:
        url = addresses.file(origin, chosen[0])
        raise DownloadError(f"{where}: the server has none of these {len(chosen):,} files: {url}")
    try:
        return plan_of(origin, files, missing, addresses.files)
    except ValueError as error:
        raise DownloadError(f"{where}: {error}") from None
