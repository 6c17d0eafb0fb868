"""Option types for output paths, which are tested for writing before the command starts."""

import errno
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import click


class NewFile(click.ParamType):
    """A file to write; the command gets its path.

    An existing file is replaced once the new one is complete. A test file is created and removed
    the way `yt8m.atomic` will do it, so a path that cannot be written fails before any work.

    suffixes: allowed endings of the name, such as ".csv"; any ending if there are none.
    """

    name = "file"

    def __init__(self, *suffixes: str):
        self.suffixes = suffixes

    def convert(self, value, param, ctx):
        """Fails with a usage error if the file cannot be written."""
        path = Path(value)
        if self.suffixes and not any(_ends_in(path.name, suffix) for suffix in self.suffixes):
            self.fail(f"{value!r} must end in {' or '.join(self.suffixes)}.", param, ctx)
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
    """A folder to write into, created if it does not exist; the command gets its path."""

    name = "folder"

    def convert(self, value, param, ctx):
        """Fails with a usage error if the folder cannot be written."""
        path = Path(value)
        try:
            if path.exists() and not path.is_dir():
                self.fail(f"{value!r} is a file; name a folder.", param, ctx)
            with _folder(path):
                _try_file(path / f".probe.{os.getpid()}.part")
        except (OSError, ValueError) as error:
            self.fail(_cannot(value, error), param, ctx)
        return path


class NewArchive(NewFile):
    """A .tar.gz file, or with the option `--layout hub`, which must be eager, a folder."""

    def __init__(self):
        super().__init__(".tar.gz")

    def convert(self, value, param, ctx):
        """Fails with a usage error if it cannot be written."""
        in_folder = ctx is not None and ctx.params.get("layout") == "hub"
        return (NewFolder() if in_folder else super()).convert(value, param, ctx)


class NewExport(NewFile):
    """A file whose ending suits the option `--format`, which must be eager."""

    def __init__(self, suffixes: Mapping[str, str]):
        super().__init__(*suffixes.values())
        self.by_format = suffixes

    def convert(self, value, param, ctx):
        """Fails with a usage error for another ending, or if it cannot be written."""
        chosen = ctx and self.by_format.get(ctx.params.get("form"))
        if chosen:
            return NewFile(chosen).convert(value, param, ctx)
        return super().convert(value, param, ctx)


@contextmanager
def _folder(path: Path) -> Iterator[None]:
    """Make the folder exist during the block; remove afterwards what had to be created."""
    missing = [folder for folder in (path, *path.parents) if not folder.exists()]
    there = missing[-1].parent if missing else path
    if not there.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, f"{there} is not a folder")
    path.mkdir(parents=True, exist_ok=True)
    try:
        yield
    finally:
        for folder in missing:
            try:
                folder.rmdir()
            except OSError:  # another process has begun to use it
                break


def _ends_in(name: str, suffix: str) -> bool:
    return len(name) > len(suffix) and name.endswith(suffix)


def _try_file(path: Path) -> None:
    path.touch()
    path.unlink()


def _cannot(value: str, error: Exception) -> str:
    reason = getattr(error, "strerror", None) or str(error)
    return f"{str(value)!r} cannot be written: {reason}."
