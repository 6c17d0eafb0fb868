"""The files that a user requests predictions for, listed before anything is loaded."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from yt8m.errors import ArtefactError
from yt8m.paths import resolve

KINDS = {".npy": "arrays", ".npz": "arrays", ".json": "manifest"}
"""Kinds by a file's ending; all other files are shards."""

IN_FOLDERS = (".tfrecord", ".npy", ".npz")
"""Endings of the files that are read from a folder."""


@dataclass(frozen=True)
class PredictionInputs:
    """Files of one kind: "arrays", "shards" or "manifest" (a single one)."""

    kind: str
    paths: tuple[Path, ...]


def find_inputs(sources: Sequence[str]) -> PredictionInputs:
    """The files that sources (paths, patterns or folders) name, in the order given.

    Raises ArtefactError if there are none, one is missing, or their kinds differ; ConfigError for a
    pattern that matches nothing.
    """
    paths = [path for source in sources for path in _files(source)]
    kinds = {KINDS.get(path.suffix, "shards"): path for path in paths}
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


def _files(source: str) -> list[Path]:
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
    return found
