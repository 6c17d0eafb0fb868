"""The files that a user names for a graph: paths, patterns, and folders at any depth."""

from collections.abc import Collection, Sequence
from pathlib import Path

from yt8m.errors import ArtefactError
from yt8m.outputs.feature_files import FEATURE, FeatureFiles, by_folders, feature_files
from yt8m.paths import resolve

ARRAYS = (".npy", ".npz", ".h5", ".hdf5", ".parquet", ".pb")
"""Endings of files of arrays."""

ARRAYS_IN_FOLDERS = frozenset(ARRAYS) - {".parquet"}
"""Those that are read from a folder; a Parquet file is often a table or a result."""

Source = Path | FeatureFiles
"""A file, or the files of one video's features. A pattern with `{feature}` is a path as long as the
features are unknown."""


def files_of(
    source: str, endings: Collection[str], what: str, features: Sequence[str] = ()
) -> list[tuple[Source, Path]]:
    """What a path, a pattern or a folder names, and the path by which a user knows each.

    A folder gives its files of these endings, at any depth, sorted; that path then starts in it.
    Folders of features in it are read like a pattern with `{feature}`. what: the files of
    these endings, for a message. features: of the graph; none leaves both as they are.
    Raises ArtefactError for a folder without such files, ConfigError for a pattern without any.
    """
    folder = Path(source)
    if FEATURE in source:
        if not features:
            return [(folder, folder)]
        return [(files, files.joint) for files in feature_files(source, features)]
    if not folder.is_dir():
        return [(Path(path), Path(path)) for path in resolve(source, source)]
    inside = sorted(p for p in folder.rglob("*") if p.suffix.lower() in endings and not p.is_dir())
    if not inside:
        raise ArtefactError(f"{source}: the folder contains neither {what}; give another")
    arrays = [path for path in inside if path.suffix.lower() in ARRAYS]
    others = [path for path in inside if path.suffix.lower() not in ARRAYS]
    found = [*others, *by_folders(folder, arrays, features)]
    return sorted(((each, _shown(each).relative_to(folder)) for each in found), key=_order)


def _shown(source: Source) -> Path:
    return source.joint if isinstance(source, FeatureFiles) else source


def _order(found: tuple[Source, Path]) -> Path:
    return found[1]
