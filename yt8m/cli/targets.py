"""Option types for output paths, which are tested for writing before the command starts."""

import errno
import os
from collections.abc import Mapping
from contextlib import nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory

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
            _try_to_write(path.parent, f".{path.name}.{os.getpid()}.part")
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
            _try_to_write(path, f".probe.{os.getpid()}.part")
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


def _try_to_write(folder: Path, name: str) -> None:
    """Create and remove a file of this name in a folder, which need not exist.

    Missing folders are created in one beside them that no other process knows, and so none of
    these finds them gone.
    """
    there = next(place for place in (folder, *folder.parents) if os.path.lexists(place))
    if not there.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, f"{there} is not a folder")
    missing = Path(os.path.normpath(folder.relative_to(there)))
    if ".." in missing.parts:  # as of "new/../../other": a folder outside of `there`
        return _try_to_write(there / missing, name)
    own = nullcontext(there) if there == folder else TemporaryDirectory(prefix=".", dir=there)
    with own as place:
        tried = Path(place) / missing
        tried.mkdir(parents=True, exist_ok=True)
        (tried / name).touch()
        (tried / name).unlink()


def _ends_in(name: str, suffix: str) -> bool:
    return len(name) > len(suffix) and name.endswith(suffix)


def _cannot(value: str, error: Exception) -> str:
    reason = getattr(error, "strerror", None) or str(error)
    return f"{str(value)!r} cannot be written: {reason}."
