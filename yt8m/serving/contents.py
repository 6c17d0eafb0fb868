"""Checks that the files in an ensemble's folder belong together, before hours are spent on it.

`ensemble.json` lists the digests of the graph's files, and of the weights in them.
"""

import hashlib
from pathlib import Path
from typing import Any

from yt8m.artefacts import ENSEMBLE, GRAPH, read_ensemble, read_fingerprint
from yt8m.errors import ArtefactError
from yt8m.origins import check_members
from yt8m.serving.fingerprint import fingerprint


def file_digests(graph: Path) -> dict[str, str]:
    """SHA-256 of every file below a folder, by its path in the folder."""
    found = {}
    for path in sorted(p for p in graph.rglob("*") if p.is_file()):
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256")
        found[path.relative_to(graph).as_posix()] = digest.hexdigest()
    return found


def read_whole_ensemble(folder: Path) -> dict[str, Any]:
    """The result of `read_ensemble`, after checking that the graph's files match it.

    Raises ArtefactError if one is missing, changed or unexpected.
    """
    described = read_ensemble(folder)
    expected, found = described.get("files"), file_digests(folder / GRAPH)
    if not isinstance(expected, dict):
        raise ArtefactError(f"{folder / ENSEMBLE}: lists no files of a graph; export it again")
    for name in sorted(expected.keys() | found.keys()):
        if expected.get(name) != found.get(name):
            what = "is missing, but existed" if name not in found else "had other content"
            what = what if name in expected else "did not exist"
            raise ArtefactError(
                f"{folder / GRAPH / name}: {what} when {ENSEMBLE} was written; the graph is "
                "another's, or damaged; get both again, or delete both and export it again"
            )
    return described


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
