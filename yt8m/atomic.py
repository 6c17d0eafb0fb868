"""A file is either there and whole, or not there: written beside its place, then renamed."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from glob import escape
from pathlib import Path


@contextmanager
def replacing(path: str | Path) -> Iterator[Path]:
    """Hand out a temporary name beside `path`, and give it that name when the block succeeds.

    The folder is made where it is missing. After an exception the temporary file is removed and
    whatever stood at `path` before is untouched. What a killed process left half-written is removed
    by the next one; should that other process be alive after all, it fails and this one writes.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    for left in path.parent.glob(f".{escape(path.name)}.*.part"):
        left.unlink(missing_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield temporary
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
