"""Whatever predicts, looking alike: `frames, num_frames -> predictions`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import tensorflow as tf

from yt8m.artefacts import ENSEMBLE, GRAPH, read_ensemble
from yt8m.data.schema import Batch, Schema
from yt8m.errors import ArtefactError
from yt8m.models.assemble import build_model, misfits
from yt8m.recipes import read_recipe
from yt8m.serving.fingerprint import fingerprint
from yt8m.serving.member import Member, load_member
from yt8m.serving.parsing import parse
from yt8m.serving.stored import StoredWeights


@dataclass(frozen=True)
class Graph:
    """A compiled predictor.

    fingerprint: digest of all that its predictions depend on but the code.
    module: what the function's variables belong to; they live as long as it does.
    function: (frames uint8 or float32 [B, T, F], num_frames int32 [B]) -> float32 [B, C].
    """

    name: str
    schema: Schema
    fingerprint: str
    module: tf.Module
    function: Callable[[tf.Tensor, tf.Tensor], tf.Tensor]

    def predict(self, batch: Batch) -> np.ndarray:
        """Probabilities, float32 [B, C]."""
        return self.function(tf.constant(batch.frames), tf.constant(batch.num_frames)).numpy()


def load_graph(path: Path) -> Graph:
    """A model at a stage (a folder with weights) or an ensemble (a folder with a graph).

    Raises ArtefactError when it is neither, or damaged.
    """
    path = Path(path)
    if (path / ENSEMBLE).exists():
        described = read_ensemble(path)
        name, schema = described["name"], Schema.from_json(described["schema"])
        digest = fingerprint(described)["digest"]
        module = _load_module(path / GRAPH)
    else:
        member = load_member(path)
        name, schema, digest = member.name, member.schema, member.digest
        module = mean_graph([member], [1.0])
    by_bytes = schema.layout == "frame"
    function = module.predict_bytes if by_bytes else module.predict_floats
    return Graph(name, schema, digest, module, function)


def _load_module(path: Path) -> tf.Module:
    try:
        return tf.saved_model.load(str(path))
    except (OSError, ValueError, tf.errors.OpError) as error:
        raise ArtefactError(f"{path}: cannot be loaded ({error}); make it again") from None


def mean_graph(members: Sequence[Member], weights: Sequence[float], top_k: int = 20) -> tf.Module:
    """The weighted mean of the members' predictions as one exportable module.

    Its functions, each also a signature of the saved graph: `predict_bytes` (frames as uint8),
    `predict_floats` (dequantised frames) and `predict_records` (serialised records -> ids and the
    `top_k` classes and scores).
    """
    schema = members[0].schema
    module = tf.Module()
    module.stored = [StoredWeights(member.stored) for member in members]
    calls = [_caller(m, s) for m, s in zip(members, module.stored, strict=True)]

    def mean(frames, num_frames):
        total = calls[0](frames, num_frames) * weights[0]
        for call, weight in zip(calls[1:], weights[1:], strict=True):
            total += call(frames, num_frames) * weight
        return total

    def best_of_records(serialised):
        ids, frames, num_frames = parse(serialised, schema)
        scores, classes = tf.math.top_k(mean(frames, num_frames), min(top_k, schema.classes))
        return {"ids": ids, "classes": classes, "scores": scores}

    lengths = tf.TensorSpec([None], tf.int32, "num_frames")
    for name, dtype in (("predict_bytes", tf.uint8), ("predict_floats", tf.float32)):
        frames = tf.TensorSpec([None, None, schema.feature_size], dtype, "frames")
        setattr(module, name, tf.function(mean, input_signature=[frames, lengths]))
    records = [tf.TensorSpec([None], tf.string, "records")]
    module.predict_records = tf.function(best_of_records, input_signature=records)
    return module


def _caller(member: Member, stored: StoredWeights):
    """frames, num_frames -> predictions of one member, its weights decoded on the way.

    The Keras model lives in this closure only: as an attribute of the module its float weights
    would be saved too.
    """
    recipe = read_recipe("yt8m.models", member.identity["recipe"], member.name)
    model = build_model(recipe, member.schema)
    _check_shapes(member, model)

    def call(frames, num_frames):
        trainable = [stored(v.path) for v in model.trainable_variables]
        others = [stored(v.path) for v in model.non_trainable_variables]
        predictions, _ = model.stateless_call(
            trainable, others, [frames, num_frames], training=False
        )
        return predictions

    return call


def _check_shapes(member: Member, model) -> None:
    if wrong := misfits(model, member.stored):
        raise ArtefactError(
            f"{member.name}: its weights do not fit its recipe: {', '.join(wrong[:5])}; "
            "make this stage again"
        )
