"""Protocols of model recipes and classifier recipes; `Quantiser` is in `compression`.

A recipe is a settings class `Recipe` in a module of its own, which imports TensorFlow or Keras only
inside its methods, since workflows are planned without them. No base class is needed.
"""

from typing import TYPE_CHECKING, Protocol, runtime_checkable

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
