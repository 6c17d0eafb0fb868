"""A model outside of the library, as a user would write one."""

from pathlib import Path

KIND = "my_models.mean_pool"
MODEL = '''"""Mean and maximum of each value over a video, through a hidden layer."""

from pydantic import Field

from yt8m.protocols import ClassifierRecipe
from yt8m.recipes import one_of
from yt8m.strict import settings


@settings
class Recipe:
    """Settings of a mean-pooling model."""

    hidden: int = Field(64, ge=1, description="size of the vector that is classified")
    classifier: ClassifierRecipe = one_of("yt8m.classifiers", "logistic", description="last layer")

    def build(self, frames, mask, schema):
        """frames: [B, T, F], mask: [B, T] -> predictions [B, C]."""
        import keras

        from my_models.pooling import MeanAndMax

        pooled = MeanAndMax(name="pooling")(frames, mask=mask)
        hidden = keras.layers.Dense(self.hidden, activation="tanh", name="hidden")(pooled)
        return self.classifier.build(hidden, schema.classes)
'''
LAYER = '''"""Pooling over the frames that exist."""

from keras import ops

from yt8m.layers.base import MaskedLayer


class MeanAndMax(MaskedLayer):
    """[B, T, F] -> [B, 2 * F]."""

    def call(self, frames, mask):
        weights = ops.cast(mask, frames.dtype)[..., None]  # [B, T, 1]
        total = ops.sum(frames * weights, axis=1)
        mean = total / ops.maximum(ops.sum(weights, axis=1), 1.0)
        largest = ops.max(ops.where(mask[..., None], frames, -2.0), axis=1)
        return ops.concatenate([mean, largest], axis=-1)
'''


def write_model(folder: Path) -> Path:
    """Write the package `my_models` into a folder, which is returned for PYTHONPATH."""
    package = folder / "my_models"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "mean_pool.py").write_text(MODEL)
    (package / "pooling.py").write_text(LAYER)
    return folder
