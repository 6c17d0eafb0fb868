"""What the layers that read a mask have in common."""

import keras


class MaskedLayer(keras.layers.Layer):
    """A layer that takes its mask as an argument and hands none on.

    Keras would otherwise attach a mask of frames to results that have no frames any more.
    """

    def compute_mask(self, inputs, previous_mask=None):
        return None
