"""The files that a user requests predictions for, listed before anything is loaded."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from yt8m.errors import ArtefactError
from yt8m.outputs.feature_files import FEATURE
from yt8m.paths import resolve
from yt8m.video.suffixes import SUFFIXES

ARRAYS = (".npy", ".npz", ".h5", ".hdf5", ".parquet", ".pb")
KINDS = {".json": "manifest"} | dict.fromkeys(ARRAYS, "arrays")
"""Kinds by a file's ending; all other files are shards."""

IN_FOLDERS = (".tfrecord", ".npy", ".npz")
"""Endings of the files that are read from a folder."""


@dataclass(frozen=True)
class PredictionInputs:
    """Files of one kind: "arrays", "shards" or "manifest" (a single one).

    Among arrays are patterns with `{feature}`, as they are; see `feature_files`.
    """

    kind: str
    paths: tuple[Path, ...]


def find_inputs(sources: Sequence[str]) -> PredictionInputs:
    """The files that sources (paths, patterns or folders) name, in the order given.

    Raises ArtefactError if there are none, one is missing, or their kinds differ; ConfigError for a
    pattern that matches nothing.
    """
    paths = [path for source in sources for path in _files(source)]
    kinds = {_kind(path): path for path in paths}
    if len(kinds) > 1:
        found = ", ".join(f"{kind} ({path})" for kind, path in sorted(kinds.items()))
        raise ArtefactError(
            f"{sources[0]}: is given with files of other kinds: {found}; predict each kind "
            "separately"
        )
    (kind,) = kinds
    if kind == "manifest" and len(paths) > 1:
        raise ArtefactError(
            f"{paths[0]}: is given with {len(paths) - 1} other manifests; predict each separately"
        )
    return PredictionInputs(kind, tuple(paths))


def _kind(path: Path) -> str:
    return "arrays" if FEATURE in str(path) else KINDS.get(path.suffix, "shards")


def _files(source: str) -> list[Path]:
    if FEATURE in source:
        return [Path(source)]
    folder = Path(source)
    if folder.is_dir():
        found = sorted(path for path in folder.iterdir() if path.suffix in IN_FOLDERS)
        if not found:
            raise ArtefactError(
                f"{source}: the folder contains no {' or '.join(IN_FOLDERS)} files; give another"
            )
        return found
    found = [Path(path) for path in resolve(source, source)]
    for path in found:
        if not path.is_file():
            what = "is not a file" if path.exists() else "no such file"
            raise ArtefactError(f"{path}: {what}; give shards, a manifest, arrays or their folder")
        if path.suffix.lower() in SUFFIXES:
            raise ArtefactError(f"{path}: is a video; use `yt8m label`, which reads videos")
    return found
