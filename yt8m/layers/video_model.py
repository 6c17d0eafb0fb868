"""The outermost layer, from stored frames to probabilities."""

import keras

from yt8m.data.schema import Schema
from yt8m.layers.frames import Frames


class VideoModel(keras.Model):
    """Reads frames of either dtype and passes what `Frames` returns to its body.

    body: a model of that, as a list: parts (a list of float32 [B, T, size]), their scale to unit
        length, float32 [B, T, 1], and mask, bool [B, T]; -> probabilities [B, C].
    schema: of the frames.

    A Keras input has one dtype and would silently convert bytes to floats, hence a class.
    """

    def __init__(self, body: keras.Model, schema: Schema, **kwargs):
        super().__init__(**kwargs)
        self.reading = Frames(schema.sized_ranges, name="reading")
        self.body = body
        self.built = True

    def call(self, inputs, training=None):
        """inputs: frames (uint8 or float32 [B, T, F]) and num_frames (int [B]), as a pair.

        Returns float32 [B, C] in [0, 1].
        """
        frames, num_frames = inputs
        return self.body([*self.reading(frames, num_frames)], training=training)
