"""The digest of the graph in a folder, with which results beside it are checked."""

from pathlib import Path

from yt8m.artefacts import FINGERPRINT, WEIGHTS, read_fingerprint
from yt8m.weights import read_header


def digest_in(folder: Path) -> str | None:
    """Of the weights or the ensemble in a folder; None if neither is there."""
    if (fingerprint := folder / FINGERPRINT).is_file():
        return read_fingerprint(fingerprint)["digest"]
    weights = folder / WEIGHTS
    return read_header(weights)[1] if weights.is_file() else None
