"""The files that a user requests predictions for, listed before anything is loaded."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from yt8m.errors import ArtefactError
from yt8m.outputs.feature_files import FEATURE, FeatureFiles
from yt8m.outputs.named_files import ARRAYS, ARRAYS_IN_FOLDERS, Source, files_of
from yt8m.video.suffixes import SUFFIXES

KINDS = {".json": "manifest"} | dict.fromkeys(ARRAYS, "arrays")
"""Kinds by a file's ending; all other files are shards."""

IN_FOLDERS = ARRAYS_IN_FOLDERS | {".tfrecord"}
"""Endings of the files that are read from a folder, at any depth."""


@dataclass(frozen=True)
class PredictionInputs:
    """Files of one kind: "arrays", "shards" or "manifest" (a single one).

    Among arrays are videos with a file per feature.
    """

    kind: str
    paths: tuple[Source, ...]


def find_inputs(sources: Sequence[str], features: Sequence[str] = ()) -> PredictionInputs:
    """The files that sources (paths, patterns or folders) name, in the order given.

    features: of the graph; without them, patterns with `{feature}` are left as they are.
    Raises ArtefactError if there are none, one is missing, or their kinds differ; ConfigError for a
    pattern that matches nothing.
    """
    paths = [path for source in sources for path in _files(source, features)]
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


def _kind(path: Source) -> str:
    if isinstance(path, FeatureFiles) or FEATURE in str(path):
        return "arrays"
    return KINDS.get(path.suffix.lower(), "shards")


def _files(source: str, features: Sequence[str]) -> list[Source]:
    what = "shards (.tfrecord) nor files of arrays"
    found = [each.source for each in files_of(source, IN_FOLDERS, what, features)]
    if FEATURE in source or Path(source).is_dir():
        return found
    for path in found:
        if isinstance(path, FeatureFiles):
            continue
        if not path.is_file():
            what = "is not a file" if path.exists() else "no such file"
            raise ArtefactError(f"{path}: {what}; give shards, a manifest, arrays or their folder")
        if path.suffix.lower() in SUFFIXES:
            raise ArtefactError(f"{path}: is a video; use `yt8m label`, which reads videos")
    return found
