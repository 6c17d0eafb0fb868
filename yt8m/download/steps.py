"""The steps of a download: plans of all splits, then the files of a split or of a part of it."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from yt8m.data.shard_list import list_shards
from yt8m.download.files import Report, fetch_all
from yt8m.download.planned import DownloadPlan, PlannedFile, Wanted
from yt8m.errors import DownloadError
from yt8m.protocols import DownloadedSource

ASKED_AT_A_TIME = 16
"""Files that a server is asked about at a time."""


def write_plans(
    source: DownloadedSource, splits: Sequence[str]
) -> Iterator[tuple[str, DownloadPlan]]:
    """Ask the server what there is, and write the plan of each split; gives split and plan.

    Raises DownloadError if the server cannot be reached, or does not have the splits.
    """
    with closing(source.open_server(ASKED_AT_A_TIME)) as server:
        for split in splits:
            found = source.make_plan(server, split, ASKED_AT_A_TIME)
            path = source.plan_path(split)
            path.parent.mkdir(parents=True, exist_ok=True)
            found.write(path)
            yield split, found


def download_split(source: DownloadedSource, split: str) -> Report:
    """Fetch what is not there yet of a split that is planned; see `files.fetch_all` for errors."""
    parts = range(source.parts(split))
    return _download(source, split, [each for p in parts for each in source.part_files(split, p)])


def download_part(source: DownloadedSource, split: str, part: int, out: Path) -> Report:
    """The same for one part, and list its files with their identities in `out`, a `ShardList`."""
    files = source.part_files(split, part)
    found = _download(source, split, files)
    list_shards([path for path, _ in files], split).write(out)
    return found


def _download(
    source: DownloadedSource, split: str, files: Sequence[tuple[str, PlannedFile]]
) -> Report:
    wanted = [Wanted(f, source.address_of(split, f.name), Path(path)) for path, f in files]
    try:
        return fetch_all(wanted, source.open_server, source.connections, f"download {split}")
    except DownloadError as error:
        raise DownloadError(f"split {split}: {error}") from None
