"""What a user asks to be predicted, sorted before anything is loaded."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from yt8m.errors import ArtefactError
from yt8m.paths import resolve

KINDS = {".npy": "arrays", ".npz": "arrays", ".json": "manifest"}
"""By a file's ending; all others are shards."""

IN_FOLDERS = (".tfrecord", ".npy", ".npz")
"""Endings of what is taken from a folder."""


@dataclass(frozen=True)
class PredictionInputs:
    """Files of one kind, "arrays", "shards" or "manifest" (of which there is one only)."""

    kind: str
    paths: tuple[Path, ...]


def find_inputs(sources: Sequence[str]) -> PredictionInputs:
    """The files that sources (paths, patterns or folders) stand for, in the order given.

    Raises ArtefactError where there are none, one is missing, or their kinds differ; ConfigError
    for a pattern that matches nothing.
    """
    paths = [path for source in sources for path in _files(source)]
    kinds = {KINDS.get(path.suffix, "shards"): path for path in paths}
    if len(kinds) > 1:
        found = ", ".join(f"{kind} ({path})" for kind, path in sorted(kinds.items()))
        raise ArtefactError(
            f"{sources[0]}: with it come files of several kinds: {found}; "
            "predict each kind by itself"
        )
    (kind,) = kinds
    if kind == "manifest" and len(paths) > 1:
        raise ArtefactError(
            f"{paths[0]}: comes with {len(paths) - 1} other manifests; predict each by itself"
        )
    return PredictionInputs(kind, tuple(paths))


def _files(source: str) -> list[Path]:
    folder = Path(source)
    if folder.is_dir():
        found = sorted(path for path in folder.iterdir() if path.suffix in IN_FOLDERS)
        if not found:
            raise ArtefactError(f"{source}: is a folder without {', '.join(IN_FOLDERS)} in it")
        return found
    found = [Path(path) for path in resolve(source, source)]
    for path in found:
        if not path.is_file():
            what = "is no file" if path.exists() else "no such file"
            raise ArtefactError(f"{path}: {what}; give shards, a manifest, arrays or their folder")
    return found
