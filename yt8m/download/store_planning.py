"""Asks object stores what patterns match, before anything is fetched."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from yt8m.data.sources.limits import MOST_SHARDS
from yt8m.download.object_addresses import Address
from yt8m.download.object_store import ObjectStore
from yt8m.download.store_plan import StorePlan, store_plan_of
from yt8m.errors import DownloadError
from yt8m.progress import Progress


def make_store_plan(
    store: ObjectStore, split: str, patterns: Sequence[str], threads: int
) -> StorePlan:
    """The plan of a split: every object that its patterns match, once, in the order of the patterns
    and then of the keys.

    threads: how many objects to ask for at a time.
    Raises DownloadError if a pattern matches none, or objects that cannot be files.
    """
    found = [one for text in patterns for one in store.matching(Address.parse(text))]
    chosen = list(dict.fromkeys(found))
    if len(chosen) > MOST_SHARDS:
        raise DownloadError(
            f"split {split}: its patterns match {len(chosen):,} objects; at most {MOST_SHARDS:,}"
        )
    with ThreadPoolExecutor(threads) as pool, Progress(f"plan {split}", "file", len(chosen)) as bar:
        files = []
        for file in pool.map(store.file_at, chosen):
            files.append(file)
            bar.advance()
    try:
        return store_plan_of(patterns, files)
    except ValueError as error:
        raise DownloadError(f"split {split}: {error}") from None
