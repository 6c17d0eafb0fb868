"""Features that were extracted once, by the content of the video's file.

A file `<ab>/<abcd...>.npz` for each content (its SHA-256), with float16 arrays [T, R] by feature;
one that the video lacks is not in it. However a video is called and whatever its labels, it is
extracted once, and a run that was killed continues behind its last file.
"""

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from yt8m.atomic import is_finished, replacing


@dataclass(frozen=True)
class Store:
    """A folder of such files, all of one extraction."""

    folder: Path

    def path(self, content: str) -> Path:
        """The file for a content."""
        return self.folder / content[:2] / f"{content}.npz"

    def find(self, content: str) -> dict[str, np.ndarray] | None:
        """The arrays for a content; None if they are missing or damaged (ZIP has checksums).

        Also if a killed process has left something beside the file, which adding it again removes.
        """
        path = self.path(content)
        try:
            if not is_finished(path):
                return None
            with np.load(path, allow_pickle=False) as arrays:
                return dict(arrays)
        except (OSError, ValueError, EOFError, KeyError, zipfile.BadZipFile, NotImplementedError):
            return None

    def add(self, content: str, arrays: Mapping[str, np.ndarray]) -> None:
        """Write the arrays for a content, atomically; equal ones give equal bytes."""
        path = self.path(content)
        with replacing(path) as unfinished, unfinished.open("wb") as file:
            np.savez(file, **arrays)
