"""Folders that are created atomically."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from yt8m.atomic import replacing
from yt8m.errors import ArtefactError


@contextmanager
def appearing(folder: Path) -> Iterator[Path]:
    """Yield a temporary folder, which is renamed to `folder` if the block succeeds.

    Raises ArtefactError if `folder` exists.
    """
    if folder.exists():
        raise ArtefactError(f"{folder}: already exists; delete it, or choose another --out")
    with replacing(folder) as temporary:
        temporary.mkdir()
        yield temporary
