"""A small batch of frames with garbage past the ends, and layers with random weights."""

import numpy as np
import pytest

FRAMES, SIZE = 7, 6


@pytest.fixture
def batch():
    """float32 [4, 7, 6], int32 [4], bool [4, 7]."""
    random = np.random.default_rng(3)
    num_frames = np.array([7, 1, 4, 6], np.int32)
    mask = np.arange(FRAMES)[None, :] < num_frames[:, None]
    frames = random.normal(size=(4, FRAMES, SIZE)).astype("float32")
    frames[~mask] = 50.0
    return frames, num_frames, mask


@pytest.fixture
def filled():
    """A function that sets every weight of a built layer to values that differ from its start."""

    def fill(layer, seed=5):
        random = np.random.default_rng(seed)
        for weight in layer.weights:
            values = random.normal(scale=0.5, size=weight.shape).astype("float32")
            positive = weight.name == "moving_variance"
            weight.assign(np.abs(values) + 0.3 if positive else values)
        return layer

    return fill


@pytest.fixture
def weights_of():
    """A function that returns a layer's weights as float64 arrays by the last word of the path."""

    def weights(layer):
        return {w.name: np.asarray(w, "float64") for w in layer.weights}

    return weights
