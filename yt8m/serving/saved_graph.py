"""The saved graph of an ensemble, loaded by TensorFlow's C library or by its Python.

Both run the same operations and predict the same bits. The library alone is loaded in a quarter of
the time. With a GPU it is Python, where memory of a GPU can be shared with other processes.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from yt8m.artefacts import ENSEMBLE
from yt8m.data.schema import Schema
from yt8m.errors import ArtefactError, TensorFlowError
from yt8m.printable import error_line
from yt8m.protocols import Predict
from yt8m.runtime.c_library import library_file
from yt8m.runtime.checkpoint import floats_in
from yt8m.runtime.devices import chosen_devices, import_tensorflow
from yt8m.runtime.messages import MetaGraph, Signature
from yt8m.runtime.session import NUMBERS, Session
from yt8m.serving.operations import read_graph
from yt8m.serving.plain_names import plain_name

SIGNATURES = {"uint8": "serving_default", "float32": "floats"}
"""The signature for each type of frames."""


def load_saved_graph(path: Path, described: Mapping[str, Any]) -> Predict:
    """The SavedModel in a folder as a function of arrays.

    described: the content of its `ensemble.json`.
    Raises ArtefactError if it could do more than compute, cannot be loaded, is of other sizes, or
    has weights that are not finite.
    """
    try:
        signatures = _signatures(path, read_graph(path), Schema.from_json(described["schema"]))
        _refuse_not_finite(path, described)
        with plain_name(path) as plain:
            if chosen_devices().may_have_gpu or library_file() is None:
                return _by_python(plain)
            return _by_library(plain, signatures)
    except ArtefactError:
        raise
    except Exception as error:  # TensorFlow raises various types
        reason = str(error) if isinstance(error, TensorFlowError) else error_line(error)
        raise ArtefactError(f"{path}: cannot be loaded ({reason}); make it again") from error


def _by_library(path: Path, signatures: Mapping[str, Signature]) -> Predict:
    session = Session(path)

    def predict(frames: np.ndarray, num_frames: np.ndarray) -> np.ndarray:
        signature = signatures[SIGNATURES[frames.dtype.name]]
        names = {entry.key: entry.value.name for entry in signature.inputs}
        (predictions,) = (entry.value.name for entry in signature.outputs)
        feeds = {names["frames"]: frames, names["num_frames"]: num_frames}
        (found,) = session.run(feeds, [predictions])
        return found

    return predict


def _by_python(path: Path) -> Predict:
    tf = import_tensorflow()
    from yt8m.serving.tensor_functions import predictor

    module = tf.saved_model.load(str(path))

    def function(name: str) -> Callable:
        def predictions(frames, num_frames):
            (found,) = module.signatures[name](frames=frames, num_frames=num_frames).values()
            return found

        return predictions

    return predictor(*map(function, SIGNATURES.values()))


def _refuse_not_finite(path: Path, described: Mapping[str, Any]) -> None:
    for variable, values in floats_in(path / "variables"):
        if not np.isfinite(values).all():
            part, number = variable.split("/")[:2]  # stored/<number>/ or projections/
            what = f"weights of {described['members'][int(number)]['name']}"
            raise ArtefactError(
                f"{path}: the {what if part == 'stored' else part} are not all finite; training "
                "diverged, or the file was changed; make it again"
            )


def _signatures(path: Path, meta_graph: MetaGraph, schema: Schema) -> dict[str, Signature]:
    """The graph's signatures by name, after checking the sizes of frames and predictions."""
    found = {entry.key: entry.value for entry in meta_graph.signature_def}
    for dtype, name in SIGNATURES.items():
        if name not in found:
            raise ArtefactError(
                f"{path}: has no signature {name}; it is not a graph of yt8m; make it again"
            )
        inputs = {entry.key: entry.value for entry in found[name].inputs}
        (predictions,) = (entry.value for entry in found[name].outputs)
        types = {key: tensor.dtype for key, tensor in inputs.items()}, predictions.dtype
        if types != ({"frames": _type(dtype), "num_frames": _type("int32")}, _type("float32")):
            raise ArtefactError(
                f"{path}: its signature {name} has other inputs or predictions than graphs of "
                "yt8m; make it again"
            )
        sizes = inputs["frames"].tensor_shape.dim[2].size, predictions.tensor_shape.dim[1].size
        if sizes != (schema.feature_size, schema.classes):
            raise ArtefactError(
                f"{path}: predicts {sizes[1]} classes from {sizes[0]} values per frame, but "
                f"{ENSEMBLE} has {schema.classes} from {schema.feature_size}; they are of "
                "different ensembles: copy both again"
            )
    return found


def _type(name: str) -> int:
    """TensorFlow's number of a type."""
    return NUMBERS[np.dtype(name)]
