"""Checks that the files in an ensemble's folder belong together, before hours are spent on it.

`ensemble.json` lists the digests of the graph's files, of the weights in them, and of the files
beside the graph.
"""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from yt8m.artefacts import (
    BESIDE,
    ENSEMBLE,
    GRAPH,
    LABELS,
    PREPROCESSING,
    read_ensemble,
    read_fingerprint,
)
from yt8m.errors import ArtefactError
from yt8m.origins import check_members
from yt8m.serving.fingerprint import fingerprint


def file_digests(folder: Path) -> dict[str, str]:
    """SHA-256 of every file below a folder, by its path in the folder."""
    found = {}
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        found[path.relative_to(folder).as_posix()] = _digest(path)
    return found


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_whole_ensemble(folder: Path) -> dict[str, Any]:
    """The result of `read_ensemble`, after checking that the files in the folder match it.

    Raises ArtefactError if one is missing, changed or unexpected.
    """
    described = read_ensemble(folder)
    if not isinstance(described.get("files"), dict):
        raise ArtefactError(f"{folder / ENSEMBLE}: lists no files of a graph; export it again")
    expected = {f"{GRAPH}/{name}": digest for name, digest in described["files"].items()}
    found = {f"{GRAPH}/{name}": digest for name, digest in file_digests(folder / GRAPH).items()}
    _refuse_others(folder, expected, found)
    refuse_others_beside(folder, described)
    return described


def refuse_others_beside(folder: Path, described: Mapping[str, Any]) -> None:
    """Raises ArtefactError unless the files in `BESIDE` are those that `ensemble.json` lists.

    Names of classes that it does not list are allowed: archives may have them.
    """
    listed = described.get("beside") or {}
    expected = {file: listed[file] for file in BESIDE if listed.get(file)}
    found = digests_beside(folder)
    if LABELS not in expected:
        found.pop(LABELS, None)
    _refuse_others(folder, expected, found)


def digests_beside(folder: Path) -> dict[str, str]:
    """SHA-256 of the names of classes and of all files of the preprocessing, as far as they exist.

    Keys are paths in the folder of an ensemble.
    """
    inside = file_digests(folder / PREPROCESSING)
    found = {f"{PREPROCESSING}/{name}": digest for name, digest in inside.items()}
    labels = folder / LABELS
    return {LABELS: _digest(labels), **found} if labels.is_file() else found


def _refuse_others(folder: Path, expected: Mapping[str, str], found: Mapping[str, str]) -> None:
    for name in sorted(expected.keys() | found.keys()):
        if expected.get(name) != found.get(name):
            what = "is missing, but existed" if name not in found else "had other content"
            what = what if name in expected else "did not exist"
            raise ArtefactError(
                f"{folder / name}: {what} when {ENSEMBLE} was written; the file is another "
                "ensemble's, or damaged; get the whole folder again, or delete it and export again"
            )


def check_origin(folder: Path, fingerprinted: Path | None, models: Path | None) -> None:
    """Raises ArtefactError unless an ensemble is the one that this run uses.

    fingerprinted: its `fingerprint.json`. models: folder of model folders, which must contain its
        members' weights. None is not checked.
    """
    if fingerprinted is not None:
        found = fingerprint(read_ensemble(folder))["digest"]
        if read_fingerprint(fingerprinted)["digest"] != found:
            raise ArtefactError(
                f"{folder / ENSEMBLE}: describes another ensemble than {fingerprinted}; delete "
                "both to have them made again"
            )
    check_members(folder, models)
