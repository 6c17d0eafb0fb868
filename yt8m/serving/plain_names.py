"""Names of folders that TensorFlow does not read as a pattern."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MAGIC = frozenset("*?[\\")


@contextmanager
def plain_name(folder: Path) -> Iterator[Path]:
    """A path to `folder` without * ? [ or a backslash: its own, or a temporary link.

    TensorFlow reads the path of a checkpoint as a pattern, and finds no files in `a[1]`.
    Raises OSError if no link can be created.
    """
    if not MAGIC & set(str(folder)):
        yield folder
        return
    usual = tempfile.gettempdir()
    with tempfile.TemporaryDirectory(dir="/tmp" if MAGIC & set(usual) else None) as place:
        link = Path(place, "folder")
        link.symlink_to(Path.cwd() / folder, target_is_directory=True)
        yield link
