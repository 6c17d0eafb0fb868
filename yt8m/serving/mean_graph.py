"""The weighted mean of models' predictions as a TensorFlow module that can be exported."""

from collections.abc import Callable, Mapping, Sequence

import tensorflow as tf

from yt8m.data.schema import Schema
from yt8m.errors import ArtefactError
from yt8m.layers.frames import Frames
from yt8m.models.assemble import misfits
from yt8m.projections.projection import Projection
from yt8m.serving.graph_weights import WHEN
from yt8m.serving.member import Member
from yt8m.serving.raw_features import arrays_of, raw_function
from yt8m.serving.record_parser import parse


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
