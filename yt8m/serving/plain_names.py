"""Names of folders in which TensorFlow sees no pattern."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MAGIC = frozenset("*?[\\")


@contextmanager
def plain_name(folder: Path) -> Iterator[Path]:
    """A name of `folder` without * ? [ or a backslash: its own, or a link that is gone afterwards.

    TensorFlow looks for the files of a checkpoint as for a pattern, and finds none in `a[1]`.
    Raises OSError where no link can be written.
    """
    if not MAGIC & set(str(folder)):
        yield folder
        return
    usual = tempfile.gettempdir()
    with tempfile.TemporaryDirectory(dir="/tmp" if MAGIC & set(usual) else None) as place:
        link = Path(place, "folder")
        link.symlink_to(Path.cwd() / folder, target_is_directory=True)
        yield link
