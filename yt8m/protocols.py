"""What a recipe of a model and one of a classifier offer; `Quantiser` stands in `compression`.

A recipe is a settings class `Recipe` in a module of its own, which imports no TensorFlow or Keras
outside its methods: workflows are planned without them. No base class is needed.
"""

from typing import TYPE_CHECKING, Protocol, runtime_checkable

from yt8m.data.schema import Schema

if TYPE_CHECKING:
    from keras import KerasTensor


class ClassifierRecipe(Protocol):
    """What classifies one vector a video: a file in `yt8m.classifiers`."""

    def build(self, features: "KerasTensor", classes: int) -> "KerasTensor":
        """The last layer, called "classifier", on a symbolic vector.

        features: float32 [B, inputs].
        Returns predictions, float32 [B, classes] in [0, 1].
        """


class ModelRecipe(Protocol):
    """What predicts a video's classes from its frames: a file in `yt8m.models`, or one outside."""

    def build(self, frames: "KerasTensor", mask: "KerasTensor", schema: Schema) -> "KerasTensor":
        """The model as a Keras graph.

        frames: float32 [B, T, F], each feature of a frame at unit length, anything past a video's
            end; a record of the video layout is one frame.
        mask: bool [B, T], true for frames that exist. What is false must not change a prediction.
        schema: names and sizes of the features, which lie side by side in F, and C classes.

        Returns predictions, float32 [B, C] in [0, 1], of a layer called "classifier". Layers have
        names, so that each `variable.path` is the same whenever the recipe and the schema are.
        """


@runtime_checkable
class SuitsSchema(Protocol):
    """A recipe that not every schema suits."""

    def check_schema(self, schema: Schema, where: str) -> None:
        """Raises ConfigError, beginning with `where`, for features or classes it cannot take."""
