"""The files that a user wants to have labelled, and what they are called."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from yt8m.errors import ArtefactError
from yt8m.outputs.feature_files import FEATURE
from yt8m.outputs.prediction_inputs import ARRAYS
from yt8m.paths import resolve
from yt8m.video.suffixes import SUFFIXES

IN_FOLDERS = SUFFIXES | set(ARRAYS) - {".parquet"}
"""Endings of the files that are read from a folder, at any depth."""


@dataclass(frozen=True)
class Input:
    """A file, or a pattern with `{feature}`. id: its name, unlike that of all other inputs."""

    id: str
    path: Path

    @property
    def is_video(self) -> bool:
        """Whether it is not an array by its name: any other file may be a video."""
        return self.path.suffix.lower() not in ARRAYS and FEATURE not in str(self.path)


def find_inputs(sources: Sequence[str]) -> list[Input]:
    """The files that sources (paths, patterns or folders) name, in the order given, each once.

    Folders give all files of known endings inside, sorted. An id is the file's name; those that
    would be equal begin with folders, and end in the suffix, as far as needed.
    Raises ArtefactError for a folder without such files, ConfigError for a pattern without any.
    """
    found: dict[Path, Path] = {}
    for source in sources:
        for path, shown in _files(source):
            found.setdefault(path, shown)
    return [Input(id, path) for id, path in zip(_ids(found.values()), found, strict=True)]


def _files(source: str) -> list[tuple[Path, Path]]:
    """Paths, and the part of each that a user knows it by."""
    folder = Path(source)
    if FEATURE in source:
        return [(folder, folder)]
    if folder.is_dir():
        inside = sorted(p for p in folder.rglob("*") if p.suffix.lower() in IN_FOLDERS)
        if not inside:
            raise ArtefactError(
                f"{source}: the folder contains neither videos nor feature files; give another"
            )
        return [(path, path.relative_to(folder)) for path in inside if path.is_file()]
    return [(Path(path), Path(path)) for path in resolve(source, source)]


def _ids(paths: Iterable[Path]) -> list[str]:
    paths = list(paths)
    ways = (lambda p: p.stem, lambda p: p.with_suffix("").as_posix(), lambda p: p.as_posix())
    ids = [path.stem for path in paths]
    for way in ways[1:]:
        repeated = {id for id in ids if ids.count(id) > 1}
        ids = [way(path) if id in repeated else id for id, path in zip(ids, paths, strict=True)]
    return ids
