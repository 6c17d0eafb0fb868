"""Types of options that name what a command will write, probed before it begins to work."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click


class NewFile(click.ParamType):
    """A file to be written; the command gets its path.

    It may be there, and is then replaced when the new one is complete. Writing is tried as
    `yt8m.atomic` will do it, and undone: a place that cannot be written costs no work.

    suffixes: endings that a name can have, such as ".csv"; any ending where there are none.
    """

    name = "file"

    def __init__(self, *suffixes: str):
        self.suffixes = suffixes

    def convert(self, value, param, ctx):
        """Ends the command with a message where nothing can be written there."""
        path = Path(value)
        if self.suffixes and path.suffix not in self.suffixes:
            self.fail(f"{value!r} ends in none of {', '.join(self.suffixes)}.", param, ctx)
        try:
            if path.is_dir():
                self.fail(f"{value!r} is a folder; name a file.", param, ctx)
            if path.exists() and not path.is_file():
                self.fail(f"{value!r} is a device or a pipe; name a file.", param, ctx)
            with _folder(path.parent):
                _try_file(path.with_name(f".{path.name}.{os.getpid()}.part"))
        except (OSError, ValueError) as error:
            self.fail(_cannot(value, error), param, ctx)
        return path


class NewFolder(click.ParamType):
    """A folder to be written into, made where it is missing; the command gets its path."""

    name = "folder"

    def convert(self, value, param, ctx):
        """Ends the command with a message where nothing can be written into it."""
        path = Path(value)
        try:
            if path.exists() and not path.is_dir():
                self.fail(f"{value!r} is a file; name a folder.", param, ctx)
            with _folder(path):
                _try_file(path / f".probe.{os.getpid()}.part")
        except (OSError, ValueError) as error:
            self.fail(_cannot(value, error), param, ctx)
        return path


@contextmanager
def _folder(path: Path) -> Iterator[None]:
    """The folder is there meanwhile; what had to be made for that is gone afterwards."""
    missing = [folder for folder in (path, *path.parents) if not folder.exists()]
    there = missing[-1].parent if missing else path
    if not there.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, f"{there} is no folder")
    path.mkdir(parents=True, exist_ok=True)
    try:
        yield
    finally:
        for folder in missing:
            try:
                folder.rmdir()
            except OSError:  # somebody else has begun to use it
                break


def _try_file(path: Path) -> None:
    path.touch()
    path.unlink()


def _cannot(value: str, error: Exception) -> str:
    reason = getattr(error, "strerror", None) or str(error)
    return f"{str(value)!r} cannot be written: {reason}."
