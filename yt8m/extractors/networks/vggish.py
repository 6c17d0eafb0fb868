"""VGGish in Keras, for inference (Hershey et al. 2017, arXiv:1609.09430).

`vggish_slim.py` in tensorflow/models, research/audioset: six convolutions of 3x3 with ReLU, four
poolings, three dense layers.
"""

from collections.abc import Mapping

import numpy as np

POOL = "pool"
CONVOLUTIONS = (
    "conv1",
    POOL,
    "conv2",
    POOL,
    "conv3/conv3_1",
    "conv3/conv3_2",
    POOL,
    "conv4/conv4_1",
    "conv4/conv4_2",
    POOL,
)
DENSE = ("fc1/fc1_1", "fc1/fc1_2", "fc2")
NAMES = tuple(
    f"vggish/{layer}/{part}"
    for layer in (*CONVOLUTIONS, *DENSE)
    if layer != POOL
    for part in ("weights", "biases")
)
"""The checkpoint's variables."""


def network(weights: Mapping[str, np.ndarray], spectra: int, bands: int):
    """The network up to its 128 values before the last ReLU, as MediaPipe takes them.

    weights: float32 arrays by NAMES; channels follow from their shapes. Returns a Keras model:
    float32 [n, spectra, bands] -> float32 [n, 128].
    """
    from keras import Input, Model, layers

    def weighted(layer, found, name: str):
        layer.build(found.shape)
        layer.set_weights([weights[f"vggish/{name}/{part}"] for part in ("weights", "biases")])
        return layer(found)

    def width(name: str) -> int:
        return weights[f"vggish/{name}/biases"].shape[0]

    sounds = Input((spectra, bands), dtype="float32")
    found = layers.Reshape((spectra, bands, 1))(sounds)
    for name in CONVOLUTIONS:
        if name == POOL:
            found = layers.MaxPooling2D(2, 2, padding="same")(found)
        else:
            layer = layers.Conv2D(width(name), 3, padding="same", activation="relu")
            found = weighted(layer, found, name)
    found = layers.Flatten()(found)
    for name in DENSE:
        activation = None if name == DENSE[-1] else "relu"
        found = weighted(layers.Dense(width(name), activation=activation), found, name)
    return Model(sounds, found)
