"""Videos without content, of which half of YouTube-8M's test split consists."""

import numpy as np

from yt8m.data.schema import DEQUANTISED_MIN, DEQUANTISED_STEP, Batch, Schema

DUMMY_STD = 0.1
"""A video whose mean rgb varies less than this over its values has no content."""


def is_dummy(batch: Batch, schema: Schema) -> np.ndarray:
    """Which videos of a batch are dummies, by the spread of their mean rgb: bool [B].

    Without a feature `rgb` none is.
    """
    if "rgb" not in schema.features:
        return np.zeros(len(batch.ids), bool)
    start = sum(list(schema.features.values())[: list(schema.features).index("rgb")])
    rgb = batch.frames[:, :, start : start + schema.features["rgb"]]
    # Padding is 0, so the sum over all T is that of the video's own frames.
    means = rgb.sum(axis=1, dtype=np.float64) / batch.num_frames[:, None]
    if rgb.dtype == np.uint8:
        means = means * DEQUANTISED_STEP + DEQUANTISED_MIN
    return means.std(axis=1) < DUMMY_STD
