"""That an ensemble's folder holds what belongs together, before hours are spent on it.

`ensemble.json` lists the digests of the graph's files, and of the weights that they hold.
"""

import hashlib
from pathlib import Path
from typing import Any

from yt8m.artefacts import ENSEMBLE, GRAPH, read_ensemble, read_fingerprint
from yt8m.errors import ArtefactError
from yt8m.origins import check_members
from yt8m.serving.fingerprint import fingerprint


def file_digests(graph: Path) -> dict[str, str]:
    """SHA-256 of every file below a folder, by its name in there."""
    found = {}
    for path in sorted(p for p in graph.rglob("*") if p.is_file()):
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256")
        found[path.relative_to(graph).as_posix()] = digest.hexdigest()
    return found


def read_whole_ensemble(folder: Path) -> dict[str, Any]:
    """What `read_ensemble` says, once the graph's files are found to be those that it describes.

    Raises ArtefactError where one is missing, of other content or too many.
    """
    described = read_ensemble(folder)
    expected, found = described.get("files"), file_digests(folder / GRAPH)
    if not isinstance(expected, dict):
        raise ArtefactError(f"{folder / ENSEMBLE}: names no files of a graph; export it again")
    for name in sorted(expected.keys() | found.keys()):
        if expected.get(name) != found.get(name):
            what = "is missing" if name not in found else "has other content than it had"
            what = what if name in expected else "was not there"
            raise ArtefactError(
                f"{folder / GRAPH / name}: {what} when {ENSEMBLE} was written; the graph is "
                "another's, or damaged; get both again, or delete both and export it again"
            )
    return described


def check_origin(folder: Path, fingerprinted: Path | None, models: Path | None) -> None:
    """That an ensemble is the one that a run goes on from.

    fingerprinted: the `fingerprint.json` that was taken of it. models: folder with a folder for
    each model, in which its members' weights lie. Raises ArtefactError.
    """
    if fingerprinted is not None:
        found = fingerprint(read_ensemble(folder))["digest"]
        if read_fingerprint(fingerprinted)["digest"] != found:
            raise ArtefactError(
                f"{folder / ENSEMBLE}: describes another ensemble than {fingerprinted} was taken "
                "of; delete both, and they are made again"
            )
    check_members(folder, models)
