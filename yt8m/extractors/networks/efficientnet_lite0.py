"""EfficientNet-Lite0 in Keras, for inference.

Batch normalisation follows each convolution without an activation between them, so it is folded
into the kernel: one layer does the work of two.
"""

from collections.abc import Mapping

import numpy as np

STAGES = ((1, 1), (2, 2), (2, 2), (3, 2), (3, 1), (4, 2), (1, 1))
"""Number of blocks, and stride of the first; kernels and channels follow from the weights."""

EPSILON = 1e-3
MEAN, SCALE = 127, 128


def network(weights: Mapping[str, np.ndarray]):
    """The network up to its pooled features, with these weights.

    weights: float32 arrays by PyTorch's names and layouts. Returns a Keras model: uint8
    [n, 224, 224, 3] -> float32 [n, 1280].
    """
    import keras

    pictures = keras.Input((224, 224, 3), dtype="uint8")
    found = (keras.ops.cast(pictures, "float32") - MEAN) / SCALE
    found = convolution(found, weights, "_conv_stem", "_bn0", stride=2)
    number = 0
    for blocks, stride in STAGES:
        for place in range(blocks):
            found = block(found, weights, f"_blocks.{number}", stride if place == 0 else 1)
            number += 1
    found = convolution(found, weights, "_conv_head", "_bn1")
    return keras.Model(pictures, keras.layers.GlobalAveragePooling2D()(found))


def block(maps, weights: Mapping[str, np.ndarray], name: str, stride: int):
    """An inverted residual: widen, filter each channel, narrow; added to its input if it fits.

    maps: float32 [n, h, w, channels], symbolic or not; stride: of the filters.
    """
    found = maps
    if f"{name}._expand_conv.weight" in weights:
        found = convolution(found, weights, f"{name}._expand_conv", f"{name}._bn0")
    found = convolution(found, weights, f"{name}._depthwise_conv", f"{name}._bn1", stride)
    found = convolution(found, weights, f"{name}._project_conv", f"{name}._bn2", linear=True)
    return found + maps if stride == 1 and found.shape == maps.shape else found


def convolution(
    maps, weights: Mapping[str, np.ndarray], name: str, norm: str, stride=1, linear=False
):
    """A convolution, its normalisation, and ReLU6 unless it is linear."""
    import keras

    kernel, bias = folded(weights, name, norm)
    is_depthwise = kernel.shape[1] == 1
    common = {"padding": "same", "activation": None if linear else "relu6"}
    if is_depthwise:
        layer = keras.layers.DepthwiseConv2D(kernel.shape[2:], stride, **common)
    else:
        layer = keras.layers.Conv2D(kernel.shape[0], kernel.shape[2:], stride, **common)
    layer.build(maps.shape)
    layer.set_weights([kernel.transpose((2, 3, 0, 1) if is_depthwise else (2, 3, 1, 0)), bias])
    return layer(maps)


def folded(
    weights: Mapping[str, np.ndarray], name: str, norm: str
) -> tuple[np.ndarray, np.ndarray]:
    """Kernel [out, in, h, w] and bias [out] that convolve and normalise at once."""
    variance = weights[f"{norm}.running_var"].astype(np.float64)
    scale = weights[f"{norm}.weight"] / np.sqrt(variance + EPSILON)
    kernel = weights[f"{name}.weight"] * scale[:, None, None, None]
    bias = weights[f"{norm}.bias"] - weights[f"{norm}.running_mean"] * scale
    return kernel.astype(np.float32), bias.astype(np.float32)
