"""Folders that are either there and whole, or not there."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from yt8m.atomic import replacing
from yt8m.errors import ArtefactError


@contextmanager
def appearing(folder: Path) -> Iterator[Path]:
    """Hand out a temporary folder beside `folder`, which gets its name when the block succeeds.

    Raises ArtefactError when `folder` is there already.
    """
    if folder.exists():
        raise ArtefactError(f"{folder}: is there already; delete it, or choose another --out")
    with replacing(folder) as temporary:
        temporary.mkdir()
        yield temporary
