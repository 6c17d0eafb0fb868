"""The files that a user names for a graph: by paths, patterns, folders at any depth, or tables."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from yt8m.errors import ArtefactError
from yt8m.outputs.feature_files import FEATURE, FeatureFiles, by_folders, feature_files
from yt8m.outputs.table_rows import TABLE, table_rows
from yt8m.paths import resolve

ARRAYS = (".npy", ".npz", ".h5", ".hdf5", ".parquet", ".pb")
"""Endings of files of arrays."""

ARRAYS_IN_FOLDERS = frozenset(ARRAYS) - {".parquet"}
"""Those that are read from a folder; a Parquet file is often a table or a result."""

Source = Path | FeatureFiles
"""A file, or the files of one video's features. A pattern with `{feature}` is a path as long as the
features are unknown."""


@dataclass(frozen=True)
class Named:
    """shown: the path by which a user knows it. id: None if it follows from `shown`."""

    source: Source
    shown: Path
    id: str | None = None


def files_of(
    source: str, endings: Collection[str], what: str, features: Sequence[str] = ()
) -> list[Named]:
    """What a path, a pattern, a folder or a table (`table_rows`) names.

    A folder gives its files of these endings, at any depth, sorted, and shown from there. Folders
    of features in it are read like a pattern with `{feature}`.

    what: the files of these endings, for a message. features: of the graph; without them, patterns
    and folders of features are left as they are.
    Raises ArtefactError for a folder without such files, ConfigError for a pattern without any.
    """
    folder = Path(source)
    if FEATURE in source:
        if not features:
            return [Named(folder, folder)]
        return [Named(files, files.joint) for files in feature_files(source, features)]
    if not folder.is_dir():
        return [each for path in resolve(source, source) for each in _in_file(Path(path), features)]
    inside = sorted(p for p in folder.rglob("*") if p.suffix.lower() in endings and not p.is_dir())
    if not inside:
        raise ArtefactError(f"{source}: the folder contains neither {what}; give another")
    arrays = [path for path in inside if path.suffix.lower() in ARRAYS]
    others = [path for path in inside if path.suffix.lower() not in ARRAYS]
    found = [*others, *by_folders(folder, arrays, features)]
    shown = [each.joint if isinstance(each, FeatureFiles) else each for each in found]
    named = [Named(each, path.relative_to(folder)) for each, path in zip(found, shown, strict=True)]
    return sorted(named, key=lambda each: each.shown)


def _in_file(path: Path, features: Sequence[str]) -> list[Named]:
    if path.suffix.lower() != TABLE:
        return [Named(path, path)]
    return [Named(source, path, id) for id, source in table_rows(path, features)]
