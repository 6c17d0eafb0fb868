"""Protocols of model recipes, classifier recipes and extractors; `Quantiser` is in `compression`.

A recipe is a settings class `Recipe` in a module of its own, which imports TensorFlow or Keras only
inside its methods, since workflows are planned without them. No base class is needed.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import numpy as np

from yt8m.data.schema import Schema

if TYPE_CHECKING:
    from keras import KerasTensor


class ClassifierRecipe(Protocol):
    """Classifies one vector per video: a file in `yt8m.classifiers`."""

    def build(self, features: "KerasTensor", classes: int) -> "KerasTensor":
        """The last layer, named "classifier", applied to a symbolic vector.

        features: float32 [B, inputs].
        Returns predictions, float32 [B, classes] in [0, 1].
        """


class ModelRecipe(Protocol):
    """Predicts a video's classes from its frames: a file in `yt8m.models` or an external module."""

    def build(self, frames: "KerasTensor", mask: "KerasTensor", schema: Schema) -> "KerasTensor":
        """The model as a Keras graph.

        frames: float32 [B, T, F], each feature of a frame at unit length, arbitrary values past a
            video's end; a record of the video layout is one frame.
        mask: bool [B, T], true for frames that exist. Other frames must not change a prediction.
        schema: names and sizes of the features, which are concatenated along F, and C classes.

        Returns predictions, float32 [B, C] in [0, 1], of a layer named "classifier". All layers
        need names, so that the same recipe and schema give the same `variable.path`s.
        """


@runtime_checkable
class SuitsSchema(Protocol):
    """A recipe that does not work with every schema."""

    def check_schema(self, schema: Schema, where: str) -> None:
        """Raises ConfigError, prefixed with `where`, for unsupported features or classes."""


class ImageExtractor(Protocol):
    """Turns each picture into a vector: a file in `yt8m.extractors.images`."""

    @property
    def size(self) -> int:
        """Values of one picture's vector, F."""

    @property
    def resolution(self) -> tuple[int, int] | None:
        """(height, width) of the pictures it takes; None for any."""

    def files(self) -> list[str]:
        """The files that it reads. Raises ConfigError if an optional package is not installed."""

    def digest(self) -> str:
        """Digest of its settings and of the content, not the places, of its files.

        Raises ConfigError for a file that cannot be read.
        """

    def load(self, threads: int) -> Callable[[np.ndarray], np.ndarray]:
        """A function from pictures, uint8 [n, h, w, 3] (red, green, blue), to float32 [n, F].

        threads: at most this many, 0 for one per core; where the library has one number for the
        whole process, it is left as it is once the library has started.
        Raises ConfigError for settings that do not suit the files or missing packages,
        ArtefactError for files that are damaged or of another kind.
        """


class SoundExtractor(Protocol):
    """Turns each second of sound into a vector: a file in `yt8m.extractors.sounds`."""

    @property
    def size(self) -> int:
        """Values of one second's vector, A."""

    def files(self) -> list[str]:
        """The files that it reads. Raises ConfigError if an optional package is not installed."""

    def digest(self) -> str:
        """Digest of its settings and of the content, not the places, of its files.

        Raises ConfigError for a file that cannot be read.
        """

    def load(self, threads: int) -> Callable[[np.ndarray, int], np.ndarray]:
        """A function from sound and a number of seconds T to float32 [T, A].

        The sound is float32 [samples], mono, 16 kHz, nominally in [-1, 1]; what is missing of the T
        seconds is silence, what exceeds them is not used. Row t depends on second t only.
        threads and errors: as for pictures.
        """
