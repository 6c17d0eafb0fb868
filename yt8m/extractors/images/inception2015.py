"""The network of YouTube-8M's own pictures: Inception, as Google published it in December 2015.

`feature_extractor.py` in google/youtube-8m. The graph takes a picture of any size and resizes it
itself, without keeping its aspect ratio.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from pydantic import Field

from yt8m.errors import ArtefactError
from yt8m.extractors import preparation as prepare
from yt8m.extractors.digests import extractor_digest
from yt8m.files import open_regular
from yt8m.paths import FilePath
from yt8m.printable import error_line
from yt8m.strict import settings

WHERE = "images"
SOURCE, RESULT = "DecodeJpeg:0", "pool_3/_reshape:0"
WIDTH, PROJECTED = 2048, 1024
EPSILON = 1e-4
PCA_FILES = ("mean.npy", "eigenvals.npy", "eigenvecs.npy")
PCA_SHAPES = ((WIDTH, 1), (PROJECTED, 1), (PROJECTED, WIDTH))
"""Least numbers of rows, and numbers of columns."""


@settings
class Recipe:
    """Inception's 2,048 pooled values, or their 1,024 whitened principal components."""

    graph: FilePath = Field(description="Google's frozen graph, `classify_image_graph_def.pb`")
    pca: FilePath | None = Field(
        None,
        description=f"folder of YouTube-8M's PCA ({', '.join(PCA_FILES)}); without it the 2,048 "
        "values are kept",
    )

    @property
    def size(self) -> int:
        """Values of one picture's vector."""
        return PROJECTED if self.pca else WIDTH

    @property
    def resolution(self) -> None:
        """None: the graph takes any picture."""
        return None

    def files(self) -> list[str]:
        """The graph, and the files of the PCA."""
        return [self.graph, *(f"{self.pca}/{name}" for name in PCA_FILES if self.pca)]

    def digest(self) -> str:
        """Digest of the graph and the PCA."""
        return extractor_digest(self)

    def load(self, threads: int) -> Callable[[np.ndarray], np.ndarray]:
        """A function: uint8 [n, h, w, 3] -> float32 [n, size]."""
        from yt8m.extractors.tensorflow_calls import compiled, frozen_graph, limit_threads

        limit_threads(threads)
        inception = compiled(frozen_graph(self.graph, SOURCE, RESULT), (None, None, 3), "uint8")
        project = read_pca(self.pca) if self.pca else lambda vectors: vectors

        def run(pictures: np.ndarray) -> np.ndarray:
            found = np.concatenate([inception(picture) for picture in pictures])  # one at a time
            return project(prepare.vectors(found, len(pictures), WIDTH, WHERE))

        return run


def read_pca(folder: str) -> Callable[[np.ndarray], np.ndarray]:
    """The projection: (x - mean) times the first eigenvectors, / sqrt(eigenvalue + 1e-4).

    Raises ArtefactError for files that cannot be read or have other shapes.
    """
    arrays = [_read_array(Path(folder) / name) for name in PCA_FILES]
    for name, array, (rows, columns) in zip(PCA_FILES, arrays, PCA_SHAPES, strict=True):
        if array.ndim != 2 or array.shape[1] != columns or len(array) < rows:
            raise ArtefactError(
                f"{folder}/{name}: has the shape {array.shape}; expected {columns} columns and "
                f"{rows} rows or more."
            )
    mean, values, vectors = arrays
    scale = 1 / np.sqrt(values[:PROJECTED, 0] + EPSILON)
    matrix = (vectors[:PROJECTED].T * scale).astype(np.float32)
    return lambda found: (found - mean[:WIDTH, 0].astype(np.float32)) @ matrix


def _read_array(path: Path) -> np.ndarray:
    try:
        with open_regular(path) as file:
            return np.load(file, allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise ArtefactError(f"{path}: is not an array of NumPy ({error_line(error)}).") from None
