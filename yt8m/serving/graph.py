"""Graphs: everything that predicts, with one interface: `frames, num_frames -> predictions`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf

from yt8m.artefacts import ENSEMBLE, GRAPH
from yt8m.data.schema import Batch, Schema
from yt8m.errors import ArtefactError
from yt8m.layers.frames import Frames
from yt8m.models.assemble import misfits
from yt8m.printable import error_line
from yt8m.projections.projection import Projection
from yt8m.serving.contents import read_whole_ensemble
from yt8m.serving.fingerprint import fingerprint
from yt8m.serving.graph_weights import WHEN
from yt8m.serving.member import Member, load_member
from yt8m.serving.operations import refuse_other_operations
from yt8m.serving.plain_names import plain_name
from yt8m.serving.raw_features import arrays_of, raw_function
from yt8m.serving.record_parser import parse

FUNCTIONS = ("predict_bytes", "predict_floats", "predict_records")


@dataclass(frozen=True)
class Graph:
    """A compiled predictor.

    fingerprint: digest of everything that its predictions depend on, including the exported code.
    module: from `mean_graph`, or loaded from disk.
    teacher: the digest without the exported code, by which students identify their teacher.
    """

    name: str
    schema: Schema
    fingerprint: str
    module: tf.Module
    teacher: str

    def predict(self, batch: Batch) -> np.ndarray:
        """Probabilities, float32 [B, C]; frames past `num_frames` are ignored.

        Frames are bytes (uint8) as in records, or dequantised float32 (`data/value_ranges.py`), not
        scaled to unit length.
        Raises ArtefactError for frames of another type or shape, and if TensorFlow fails.
        """
        frames, expected = batch.frames, self.schema.feature_size
        known = frames.dtype in (np.uint8, np.float32) and frames.shape[2:] == (expected,)
        if not known or (frames.shape[0] and not frames.shape[1]):
            raise ArtefactError(
                f"{self.name}: frames are {frames.dtype} {frames.shape}; expected uint8 or float32 "
                f"[videos, frames (1 or more), {expected}]"
            )
        by_bytes = frames.dtype == np.uint8
        function = self.module.predict_bytes if by_bytes else self.module.predict_floats
        try:
            return function(tf.constant(frames), tf.constant(batch.num_frames)).numpy()
        except tf.errors.OpError as error:
            raise ArtefactError(
                f"{self.name}: cannot predict ({error_line(error)}); the graph is damaged, or "
                "memory is insufficient: make it again, or lower the batch size"
            ) from error


def load_graph(path: Path) -> Graph:
    """A model at a stage (a folder with weights) or an ensemble (a folder with a graph).

    Raises ArtefactError if it is neither, or damaged, or has weights that are not finite.
    """
    path = Path(path)
    if (path / ENSEMBLE).exists():
        described = read_whole_ensemble(path)
        name, schema = described["name"], Schema.from_json(described["schema"])
        found = fingerprint(described)
        digest, teacher = found["digest"], found["teacher"]
        module = _load_module(path / GRAPH, described)
    else:
        member = load_member(path)
        name, schema, digest, teacher = member.name, member.schema, member.digest, member.digest
        module = mean_graph([member], [1.0])
    return Graph(name, schema, digest, module, teacher)


def _load_module(path: Path, described: Mapping[str, Any]) -> tf.Module:
    try:
        refuse_other_operations(path)
        _refuse_not_finite(path, described)
        with plain_name(path) as plain:
            module = tf.saved_model.load(str(plain))
        has_raw = described.get("raw_bytes") is not None
        functions = (*FUNCTIONS, "predict_raw") if has_raw else FUNCTIONS
        _check_sizes(path, module, Schema.from_json(described["schema"]), functions)
    except ArtefactError:
        raise
    except Exception as error:  # TensorFlow raises various types
        raise ArtefactError(
            f"{path}: cannot be loaded ({error_line(error)}); make it again"
        ) from error
    return module


def _refuse_not_finite(path: Path, described: Mapping[str, Any]) -> None:
    with plain_name(path) as plain:
        reader = tf.train.load_checkpoint(str(plain / "variables" / "variables"))
        for variable, dtype in reader.get_variable_to_dtype_map().items():
            if dtype.is_floating and not np.isfinite(reader.get_tensor(variable)).all():
                part, number = variable.split("/")[:2]  # stored/<number>/ or projections/
                what = f"weights of {described['members'][int(number)]['name']}"
                raise ArtefactError(
                    f"{path}: the {what if part == 'stored' else part} are not all finite; "
                    "training diverged, or the file was changed; make it again"
                )


def _check_sizes(path: Path, module: tf.Module, schema: Schema, functions: Sequence[str]) -> None:
    signature = module.signatures["serving_default"]
    if lacking := [name for name in functions if not callable(getattr(module, name, None))]:
        raise ArtefactError(
            f"{path}: has no {lacking[0]}; it is not a graph of yt8m; make it again"
        )
    frames = signature.structured_input_signature[1]["frames"]
    (predictions,) = signature.structured_outputs.values()
    found, expected = (frames.shape[2], predictions.shape[1]), (schema.feature_size, schema.classes)
    if found != expected:
        raise ArtefactError(
            f"{path}: predicts {found[1]} classes from {found[0]} values per frame, but {ENSEMBLE} "
            f"has {expected[1]} from {expected[0]}; they are of different ensembles: "
            "copy both again"
        )


def mean_graph(
    members: Sequence[Member],
    weights: Sequence[float],
    top_k: int = 20,
    decode: str = "at_load",
    projections: Mapping[str, Projection] | None = None,
) -> tf.Module:
    """The weighted mean of the members' predictions as one exportable module.

    decode: when to decode variables, one of `yt8m.serving.graph_weights.WHEN`. projections: of the
        schema's features, in their order.

    Its functions, each also a signature of the saved graph: `predict_bytes` (frames as uint8),
    `predict_floats` (dequantised frames) and `predict_records` (serialised records -> ids and the
    `top_k` classes with their probabilities); with projections also `predict_raw`
    (see `raw_function`).
    """
    schema = members[0].schema
    module = tf.Module()
    module.stored = [WHEN[decode](m.stored, str(i)) for i, m in enumerate(members)]
    calls = [_caller(m, s) for m, s in zip(members, module.stored, strict=True)]

    lengths = tf.TensorSpec([None], tf.int32, "num_frames")
    floats, some_bytes = (
        tf.TensorSpec([None, None, schema.feature_size], dtype, "frames")
        for dtype in (tf.float32, tf.uint8)
    )
    records = tf.TensorSpec([None], tf.string, "records")
    read = Frames(schema.sized_ranges)

    # The others call it, so that the models' nodes are in the saved graph only once.
    @tf.function(input_signature=_read_specs(schema), autograph=False)
    def mean(parts, scale, mask):
        total = calls[0](parts, scale, mask) * weights[0]
        for call, weight in zip(calls[1:], weights[1:], strict=True):
            total += call(parts, scale, mask) * weight
        return total

    def mean_of_frames(frames, num_frames):
        return mean(*read(frames, num_frames))

    mean_of_floats, mean_of_bytes = (
        tf.function(mean_of_frames, input_signature=[frames, lengths], autograph=False)
        for frames in (floats, some_bytes)
    )

    @tf.function(input_signature=[records], autograph=False)
    def best_of_records(serialised):
        ids, frames, num_frames = parse(serialised, schema)
        predict = mean_of_bytes if frames.dtype == tf.uint8 else mean_of_floats
        scores, classes = tf.math.top_k(predict(frames, num_frames), min(top_k, schema.classes))
        return {"ids": ids, "classes": classes, "scores": scores}

    module.predict_bytes, module.predict_floats = mean_of_bytes, mean_of_floats
    module.predict_records = best_of_records
    if projections:
        module.projections = WHEN[decode](arrays_of(projections), "projections")
        module.predict_raw = raw_function(module, schema, projections)
    return module


def _read_specs(schema: Schema) -> list:
    """Types of what `Frames` returns: parts, scale and mask."""
    parts = [tf.TensorSpec([None, None, size]) for size in schema.features.values()]
    return [parts, tf.TensorSpec([None, None, 1]), tf.TensorSpec([None, None], tf.bool)]


def _caller(member: Member, stored: Callable[[str], tf.Tensor]):
    """parts, scale, mask (of `Frames`) -> predictions of one member, with its weights decoded.

    The Keras model is only in this closure: as an attribute of the module, its float weights would
    be saved too.
    """
    model = member.model()
    _check_shapes(member, model)
    body = model.body

    def call(*read):
        trainable = [stored(v.path) for v in body.trainable_variables]
        others = [stored(v.path) for v in body.non_trainable_variables]
        predictions, _ = body.stateless_call(trainable, others, list(read), training=False)
        return predictions

    return call


def _check_shapes(member: Member, model) -> None:
    if wrong := misfits(model, member.stored):
        raise ArtefactError(
            f"{member.name}: its weights do not fit its recipe: {', '.join(wrong[:5])}; "
            "make this stage again"
        )
