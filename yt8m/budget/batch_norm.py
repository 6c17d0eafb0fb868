"""Batch-norm statistics, re-estimated for compressed weights."""

from collections.abc import Iterable, Mapping

import numpy as np
import tensorflow as tf

from yt8m.budget.predictor import Predictor, Values
from yt8m.data.schema import Batch
from yt8m.layers.normalisation import BatchNorm

MOVING = ("moving_mean", "moving_variance")


def estimate_statistics(
    predictor: Predictor, values: Values, batches: Iterable[Batch]
) -> dict[str, np.ndarray]:
    """The moving statistics of every batch norm: path -> float32 [F], their means over the batches.

    values: all variables, decoded. Each batch is normalised by its own statistics, as in training,
        so that later layers see their usual inputs. Izmailov et al., "Averaging Weights Leads to
        Wider Optima and Better Generalization", 2018, section 3.2, do the same for averaged
        weights.
    """
    model = predictor.model
    for layer in model._flatten_layers():
        if isinstance(layer, BatchNorm):
            layer.decay, layer.warm_up = 0.0, False  # statistics of the last batch only
    trainable = [tf.constant(values[v.path]) for v in model.trainable_variables]
    others = [tf.constant(values[v.path]) for v in model.non_trainable_variables]
    moving = [n for n, v in enumerate(model.non_trainable_variables) if v.path.endswith(MOVING)]

    @tf.function(reduce_retracing=True)
    def statistics(frames, num_frames):
        _, after = model.stateless_call(trainable, others, [frames, num_frames], training=True)
        return [after[n] for n in moving]

    sums: Mapping[int, np.ndarray] = {n: np.zeros(others[n].shape) for n in moving}
    count = 0
    for batch in batches:
        found = statistics(tf.constant(batch.frames), tf.constant(batch.num_frames))
        for n, value in zip(moving, found, strict=True):
            sums[n] += value.numpy()
        count += 1
    paths = [v.path for v in model.non_trainable_variables]
    return {paths[n]: (sums[n] / max(count, 1)).astype(np.float32) for n in moving}
