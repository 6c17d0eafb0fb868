"""Folders that are either there and whole, or not there."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from yt8m.errors import ArtefactError


@contextmanager
def appearing(folder: Path) -> Iterator[Path]:
    """Hand out a temporary folder beside `folder`, which gets its name when the block succeeds.

    Raises ArtefactError when `folder` is there already.
    """
    if folder.exists():
        raise ArtefactError(f"{folder}: is there already; delete it, or choose another --out")
    temporary = folder.with_name(f".{folder.name}.{os.getpid()}.part")
    temporary.mkdir(parents=True)
    try:
        yield temporary
        temporary.rename(folder)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
