"""A graph as one file for another runtime, verified against the graph before it is written."""

import importlib
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import numpy as np
import tensorflow as tf

from yt8m.artefacts import ENSEMBLE
from yt8m.atomic import replacing
from yt8m.compression.plan import dequantise_weights
from yt8m.data.schema import Batch, Schema
from yt8m.errors import ArtefactError
from yt8m.serving.exporting.members import members_in
from yt8m.serving.graph import load_graph
from yt8m.serving.member import Member, load_member

FORMATS = ("litert", "onnx")

MOST_DIFFERENCE = 1e-5
"""Tolerance of probabilities: runtimes add in different orders."""


def export(folder: Path, form: str, out: Path) -> float:
    """Write a model at a stage, or an ensemble, as `out`, in the format `form` (of `FORMATS`).

    Weights are float32 there, since neither runtime has codebooks. Returns the largest difference
    from the graph's own predictions on random videos. Raises ArtefactError if packages are missing,
    the graph cannot be converted, or predictions differ; then nothing is written.
    """
    runtime = _runtime(form)
    graph = load_graph(folder)
    in_ensemble = (folder / ENSEMBLE).exists()
    members, weights = members_in(folder) if in_ensemble else ([load_member(folder)], [1.0])
    function = float_function(members, weights)
    try:
        content = runtime.convert(function, graph.schema)
    except Exception as error:  # converters raise various types
        kinds = ", ".join(sorted({m.identity["recipe"]["kind"] for m in members}))
        problem = " ".join(str(error).split())[:200]
        raise ArtefactError(
            f"{graph.name}: cannot be converted to {form} ({kinds}): {problem}; use the SavedModel"
        ) from error
    difference = _difference(graph, runtime, content)
    if not difference <= MOST_DIFFERENCE:
        raise ArtefactError(
            f"{graph.name}: predictions of {form} differ by {difference:.3g}; use the SavedModel"
        )
    with replacing(out) as temporary:
        temporary.write_bytes(content)
    return difference


def float_function(members: list[Member], weights: list[float]) -> Callable:
    """frames, num_frames -> `predictions`, the weighted mean of members with float32 weights."""
    models = [_model(member) for member in members]

    def mean(frames: tf.Tensor, num_frames: tf.Tensor) -> dict[str, tf.Tensor]:
        parts = [m([frames, num_frames], training=False) for m in models]
        whole = tf.add_n([part * weight for part, weight in zip(parts, weights, strict=True)])
        return {"predictions": whole}

    return mean


def _model(member: Member):
    model = member.model()
    values = dequantise_weights(member.stored)
    model.set_weights([values[variable.path] for variable in model.weights])
    return model


def _runtime(form: str) -> ModuleType:
    try:
        return importlib.import_module(f"yt8m.serving.exporting.{form}")
    except ModuleNotFoundError as error:
        raise ArtefactError(
            f"{form}: needs the package {error.name}; install it, or in a checkout of yt8m all "
            "packages: pip install -e '.[export]'"
        ) from None


def _difference(graph, runtime: ModuleType, content: bytes) -> float:
    """The largest difference of probabilities, on videos of all lengths."""
    frames, num_frames = made_up_videos(graph.schema)
    labels = np.zeros((len(frames), graph.schema.classes), bool)
    expected = graph.predict(Batch([""] * len(frames), frames, num_frames, labels))
    step = runtime.MOST_VIDEOS
    found = [
        runtime.predict(content, frames[i : i + step], num_frames[i : i + step])
        for i in range(0, len(frames), step)
    ]
    return float(np.abs(np.concatenate(found) - expected).max())


def made_up_videos(schema: Schema) -> tuple[np.ndarray, np.ndarray]:
    """Frames, uint8 [4, T, F] or float32 [4, 1, F] by the layout, and num_frames, int32 [4]."""
    random = np.random.default_rng(0)
    if schema.layout == "video":
        frames = random.normal(size=(4, 1, schema.feature_size)).astype(np.float32)
        return frames, np.ones(4, np.int32)
    longest = schema.max_frames
    frames = random.integers(0, 256, (4, longest, schema.feature_size), np.uint8)
    return frames, np.array([longest, 1, longest // 2 + 1, longest], np.int32)
