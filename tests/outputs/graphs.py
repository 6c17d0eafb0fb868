"""A graph that is not a model."""

import numpy as np

from tests.small import SCHEMA
from yt8m.serving.graph import Graph


def mean_byte_graph(name: str) -> Graph:
    """Predictions that depend on the frames: the mean byte of six columns."""

    def predict(frames, num_frames):
        total = frames[:, :, :6].sum(axis=1, dtype=np.float32)
        return total / num_frames.astype(np.float32)[:, None] / np.float32(255)

    return Graph(name, SCHEMA, "digest", predict, "c0ffee00")
