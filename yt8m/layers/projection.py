"""The hidden layer between an aggregation and a classifier."""

import keras
from keras import ops

from yt8m.layers.base import MaskedLayer, glorot, spread
from yt8m.layers.normalisation import BatchNorm


class Projection(keras.layers.Layer):
    """A linear map, followed by batch normalisation and relu6 if `relu`, else by a bias.

    units: size of the result.
    relu: see above.
    fan: the weights start normal with variance 1 / fan; 0: the size of the input.

    Weights: `kernel` [inputs, units], and `bias` [units] or those of `normalisation`.
    """

    def __init__(self, units: int, relu: bool = False, fan: int = 0, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.relu = relu
        self.fan = fan

    def build(self, input_shape):
        size = input_shape[-1]
        self.kernel = self.add_weight((size, self.units), spread(self.fan or size), name="kernel")
        if self.relu:
            self.normalisation = BatchNorm(name="normalisation")
            self.normalisation.build((None, self.units))
        else:
            start = keras.initializers.RandomNormal(stddev=0.01)
            self.bias = self.add_weight((self.units,), start, name="bias")

    def call(self, inputs, training=None):
        """inputs: float [B, inputs] -> float [B, units]."""
        hidden = ops.matmul(inputs, self.kernel)
        if not self.relu:
            return hidden + self.bias
        return ops.relu6(self.normalisation(hidden, training=training))

    def get_config(self):
        return {**super().get_config(), "units": self.units, "relu": self.relu, "fan": self.fan}


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
        # The original remembers the biased variance where a batch is not flat.
        self.normalisation = BatchNorm(unbiased=False, name="normalisation")
        self.normalisation.build((None, None, self.units))

    def call(self, frames, mask=None, training=None):
        """frames: float [B, T, F]; mask: bool [B, T]; -> float [B, T, units]."""
        hidden = ops.matmul(frames, self.kernel)
        return ops.relu6(self.normalisation(hidden, mask=mask, training=training))

    def get_config(self):
        return {**super().get_config(), "units": self.units}
