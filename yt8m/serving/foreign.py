"""Folders that are to be replaced with an ensemble's: what else they contain must not be lost."""

from fnmatch import fnmatch
from pathlib import Path

from yt8m.artefacts import (
    ENSEMBLE,
    EXTRACTION,
    GRAPH,
    GRAPH_FILES,
    LABELS,
    PREPROCESSING,
    PROJECTIONS,
)
from yt8m.errors import OutputError

OWN = (*GRAPH_FILES, f"{GRAPH}/fingerprint.pb", f"{GRAPH}/assets/*", PROJECTIONS, EXTRACTION)
"""Paths, or patterns of them, that an ensemble has in its subfolders."""


def refuse_foreign(folder: Path, keeps_labels: bool) -> None:
    """Raises OutputError if writing an ensemble into a folder would delete what is not one's.

    keeps_labels: whether the ensemble has names of classes; otherwise earlier ones are removed.
    """
    if (folder / ENSEMBLE).exists():
        return
    inside = [
        path for name in (GRAPH, PREPROCESSING) for path in sorted((folder / name).rglob("*"))
    ]
    foreign = [
        path
        for path in inside
        if (path.is_symlink() or not path.is_dir())
        and not any(fnmatch(path.relative_to(folder).as_posix(), own) for own in OWN)
    ]
    if not keeps_labels and (folder / LABELS).exists():
        foreign.append(folder / LABELS)
    if foreign:
        raise OutputError(
            f"{foreign[0]}: is not a file of an ensemble, and would be deleted; give a new folder, "
            "or move the file"
        )
