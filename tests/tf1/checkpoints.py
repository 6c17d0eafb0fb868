"""Checkpoints of TensorFlow 1 like those of the original, written by tests."""

import json

import numpy as np
import tensorflow as tf

FLAGS = {
    "model": "LogisticModel",
    "feature_sizes": "4,2",
    "feature_names": "rgb, audio",
    "frame_features": True,
    "label_loss": "CrossEntropyLoss",
}


def write_checkpoint(folder, arrays, name="inference_model", **flags):
    """`folder/name.{index,data-...}`, and `model_flags.json` if flags are given."""
    folder.mkdir(parents=True, exist_ok=True)
    names = sorted(arrays)
    tf.raw_ops.SaveV2(
        prefix=str(folder / name),
        tensor_names=names,
        shape_and_slices=[""] * len(names),
        tensors=[tf.constant(arrays[n]) for n in names],
    )
    if flags:
        (folder / "model_flags.json").write_text(json.dumps(FLAGS | flags))
    return folder


def logistic(prefix="", classes=3, seed=0):
    """The variables of a logistic model on 4 + 2 values per frame."""
    random = np.random.default_rng(seed)
    return {
        f"{prefix}global_step": np.int32(70),
        f"{prefix}tower/fully_connected/weights": random.normal(size=(6, classes)).astype("f4"),
        f"{prefix}tower/fully_connected/biases": random.normal(size=classes).astype("f4"),
    }


def write_logistic(folder, change=None, **flags):
    """A logistic model's checkpoint with changed variables (None: without that variable)."""
    arrays = logistic() | (change or {})
    arrays = {n: a for n, a in arrays.items() if a is not None}
    return write_checkpoint(folder, arrays, **{"model": "FrameLevelLogisticModel", **flags})
