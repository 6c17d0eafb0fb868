"""Base class of the layers that read a mask."""

import keras


class MaskedLayer(keras.layers.Layer):
    """A layer that takes its mask as an argument and does not pass it on.

    Keras would otherwise attach a mask of frames to results that no longer have frames.
    """

    def compute_mask(self, inputs, previous_mask=None):
        return None
