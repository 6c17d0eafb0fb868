"""Protocols of recipes of models, classifiers and projections; `Quantiser` is in `compression`.

A recipe is a settings class `Recipe` in a module of its own, which imports TensorFlow or Keras only
inside its methods, since workflows are planned without them. No base class is needed.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar, Protocol, runtime_checkable

import numpy as np

from yt8m.data.schema import Schema

if TYPE_CHECKING:
    from keras import KerasTensor

    from yt8m.projections.projection import Projection


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


class ProjectionRecipe(Protocol):
    """From an extractor's values to those of records: a file in `yt8m.projections`."""

    reads_frames: ClassVar[bool]
    """Whether it is fitted on frames. If not, `fit` reads no batch."""

    def inputs(self) -> list[str]:
        """The files that it reads."""

    def projected_size(self, width: int, where: str) -> int:
        """Values per frame of a record, from those of the extractor.

        Raises ConfigError, prefixed with `where`, for a width that does not suit the settings.
        """

    def fit(self, batches: Iterable[np.ndarray], width: int, where: str) -> "Projection":
        """The projection for the frames of the training split.

        batches: float32 [n, width] each, all finite; read once, in order.

        Raises ConfigError, prefixed with `where`, for settings that do not suit the width;
        RecordError for frames that they cannot be fitted on.
        """
