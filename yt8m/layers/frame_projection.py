"""A hidden layer applied to every frame."""

from keras import ops

from yt8m.layers.initial import glorot
from yt8m.layers.masked import MaskedLayer
from yt8m.layers.normalisation import BatchNorm


class FrameProjection(MaskedLayer):
    """relu6(BN(x W)) of every frame.

    units: size of the result.

    Weights: `kernel` [F, units] and those of `normalisation`.
    """

    def __init__(self, units: int, **kwargs):
        super().__init__(**kwargs)
        self.units = units

    def build(self, input_shape):
        size = input_shape[-1]
        self.kernel = self.add_weight((size, self.units), glorot(size, self.units), name="kernel")
        # The original's moving variance is the biased one wherever inputs are not 2-D.
        self.normalisation = BatchNorm(unbiased=False, name="normalisation")
        self.normalisation.build((None, None, self.units))

    def call(self, frames, mask=None, training=None):
        """frames: float [B, T, F]; mask: bool [B, T]; -> float [B, T, units]."""
        hidden = ops.matmul(frames, self.kernel)
        return ops.relu6(self.normalisation(hidden, mask=mask, training=training))

    def get_config(self):
        return {**super().get_config(), "units": self.units}
