"""Whether what was downloaded is still there, before jobs that need it start."""

from pathlib import Path

from yt8m.data.identity import Identity, identity_of
from yt8m.data.shard_list import ShardList, read_shard_list
from yt8m.download.planned import PlannedFile
from yt8m.download.verified import known_content
from yt8m.errors import ConfigError, RecordError, Yt8mError
from yt8m.printable import listed
from yt8m.workflow.plan import Plan


def check_downloads(plan: Plan) -> None:
    """Raises ConfigError naming files that a finished job has downloaded and that are gone, or
    other ones by now.

    A file that was fetched again by hand is the same by its content. Files of jobs that have not
    finished are fetched by this run.
    """
    for split in plan.splits:
        parts = range(plan.downloads.parts(split))
        planned = dict(each for n in parts for each in plan.downloads.part_files(split, n))
        lists = filter(None, map(_read, plan.downloaded(split)))
        lost = [path for found in lists for path in _lost(found, planned)]
        if lost:
            raise ConfigError(
                f"dataset.source.folder: of the files of {split} that were downloaded, "
                f"{len(lost):,} went away or changed: {listed(lost)}; fetch again, with this "
                "config: yt8m records download CONFIG"
            )


def _read(path: str) -> ShardList | None:
    """The list of the shards of a finished job."""
    try:
        return read_shard_list(path) if Path(path).exists() else None
    except Yt8mError:
        return None


def _lost(found: ShardList, planned: dict[str, PlannedFile]) -> list[str]:
    """Those of the files of a list that are still planned, but not there."""
    pairs = zip(found.paths, found.identities, strict=True)
    return [path for path, was in pairs if path in planned and not _is(path, was, planned[path])]


def _is(path: str, was: Identity, planned: PlannedFile) -> bool:
    try:
        return identity_of(path) == was or known_content(Path(path)) == planned.content_id
    except RecordError:
        return False
