"""LiteRT, formerly TensorFlow Lite: one video at a time, padded to `max_frames`.

ASSUME a device predicts one video at a time; the converter refuses our models without fixed sizes.
"""

import io
import json
import zipfile
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import tensorflow as tf
from ai_edge_litert.interpreter import Interpreter
from tensorflow.lite.python import schema_py_generated as schema_fb
from tensorflow.lite.tools import flatbuffer_utils

from yt8m.serving.exporting.inputs import NUM_FRAMES, OUTPUT, Inputs
from yt8m.serving.exporting.litert_weights import as_float16, with_projections_of

MOST_VIDEOS = 1
LABELS, ABOUT = "labels.txt", "about.json"
"""Files inside the file."""


def convert(function: Callable, inputs: Inputs, weights: str, about: Mapping[str, object]) -> bytes:
    """A flat buffer with inputs [1, max_frames, ...] and `num_frames` [1], output `predictions`
    [1, C], also as the signature `serving_default`.

    Behind it is a zip of associated files, as TensorFlow Lite's metadata has them: `labels.txt`, a
    label per line (if they are known), and `about.json`, all of `about`.
    """
    module = tf.Module()
    specs = inputs.specs(1, inputs.longest)
    module.predict = tf.function(function, input_signature=specs, autograph=False)
    traced = module.predict.get_concrete_function()
    converter = tf.lite.TFLiteConverter.from_concrete_functions([traced], module)
    model = _converted(converter)
    if weights == "float16":
        as_float16(model)
    if weights == "int8":
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        original, model = model, _converted(converter)
        with_projections_of(model, original)
    _name(model, [*inputs.types, NUM_FRAMES])
    return _with_files(bytes(flatbuffer_utils.convert_object_to_bytearray(model)), about)


def _converted(converter: tf.lite.TFLiteConverter) -> schema_fb.ModelT:
    return flatbuffer_utils.convert_bytearray_to_object(bytearray(converter.convert()))


def _name(model: schema_fb.ModelT, names: Sequence[str]) -> None:
    """Give the inputs these names, the output its own, and the model a signature with them.

    The converter names the output `Identity`.
    """
    graph = model.subgraphs[0]
    places = [*graph.inputs, *graph.outputs]
    for place, name in zip(places, [*names, OUTPUT], strict=True):
        graph.tensors[place].name = name.encode()
    signature = schema_fb.SignatureDefT()
    signature.signatureKey, signature.subgraphIndex = b"serving_default", 0
    signature.inputs = [_named(graph, place) for place in graph.inputs]
    signature.outputs = [_named(graph, place) for place in graph.outputs]
    model.signatureDefs = [signature]


def _named(graph: schema_fb.SubGraphT, place: int) -> schema_fb.TensorMapT:
    found = schema_fb.TensorMapT()
    found.name, found.tensorIndex = graph.tensors[place].name, place
    return found


def _with_files(content: bytes, about: Mapping[str, object]) -> bytes:
    files = {ABOUT: json.dumps(about, ensure_ascii=False, indent=1)}
    if labels := about.get("labels"):
        files[LABELS] = "".join(f"{' '.join(label.split())}\n" for label in labels)
    whole = io.BytesIO(content)
    with zipfile.ZipFile(whole, "a") as archive:
        for name, text in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(name), text)  # of 1980, so that bytes are reproducible
    return whole.getvalue()


def load(content: bytes) -> Callable[[Mapping[str, np.ndarray]], np.ndarray]:
    """From inputs by name, of one video, to probabilities, float32 [1, C]."""
    run = Interpreter(model_content=content).get_signature_runner()
    return lambda arrays: run(**arrays)[OUTPUT]
