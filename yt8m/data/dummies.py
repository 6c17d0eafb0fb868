"""Dummies: videos without content, which are half of YouTube-8M's test split."""

import numpy as np

from yt8m.data.schema import Batch, Schema, Video

DUMMY_STD = 0.1
"""A video is a dummy if the standard deviation over its mean rgb is less than this."""


def is_dummy(batch: Batch, schema: Schema) -> np.ndarray:
    """Which videos of a batch are dummies, by the spread of their mean rgb: bool [B].

    Without a feature `rgb`, none is.
    """
    if "rgb" not in schema.features:
        return np.zeros(len(batch.ids), bool)
    start = sum(list(schema.features.values())[: list(schema.features).index("rgb")])
    rgb = batch.frames[:, :, start : start + schema.features["rgb"]]
    # Padding is 0, so the sum over all T is that of the video's own frames.
    mean = rgb.sum(axis=1, dtype=np.float64) / batch.num_frames[:, None]
    return _spread(mean, rgb, schema) < DUMMY_STD


def is_dummy_video(video: Video, schema: Schema) -> bool:
    """Whether one video is a dummy; never without a feature `rgb`."""
    if "rgb" not in video.features:
        return False
    rgb = video.features["rgb"]
    return bool(_spread(np.atleast_2d(rgb).mean(axis=0), rgb, schema) < DUMMY_STD)


def _spread(mean: np.ndarray, rgb: np.ndarray, schema: Schema) -> np.ndarray:
    """Standard deviation over the values of a dequantised mean `rgb`, of bytes or floats."""
    return mean.std(axis=-1) * (schema.range_of("rgb").step if rgb.dtype == np.uint8 else 1)
