"""A graph as one file for another runtime, verified against the graph before it is written."""

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import tensorflow as tf

from yt8m.artefacts import ENSEMBLE
from yt8m.atomic import replacing
from yt8m.compression.plan import dequantise_weights
from yt8m.data.label_names import read_label_names
from yt8m.data.records import Records
from yt8m.data.schema import Schema
from yt8m.errors import ArtefactError
from yt8m.serving.exporting.comparison import Comparison, compare
from yt8m.serving.exporting.inputs import OUTPUT, Inputs, about
from yt8m.serving.exporting.members import members_in
from yt8m.serving.exporting.videos import made_up_videos, real_videos
from yt8m.serving.graph import load_graph
from yt8m.serving.member import Member, load_member
from yt8m.serving.preprocessing import read_names, read_preprocessing

FORMATS = ("litert", "onnx")

WEIGHTS = ("float32", "float16", "int8")

MOST_DIFFERENCE = 1e-5
"""Tolerance of probabilities on random videos with float32: runtimes add in different orders."""

MOST_LOSS = 0.25
"""Tolerance otherwise: smaller weights are a choice, whose cost is reported; this is no cost, but a
graph that does not work."""


@dataclass(frozen=True)
class Options:
    """What to export.

    input: what the file reads, a kind of `Inputs`; by default what records hold.
    weights: the type of large weights, one of `WEIGHTS`.
    label_names: CSV with columns Index and Name; by default the one of the ensemble, if any.
    """

    input: str | None = None
    weights: str = "float32"
    label_names: Path | None = None


AS_RECORDED = Options()


def export(
    folder: Path,
    form: str,
    out: Path,
    options: Options = AS_RECORDED,
    records: Records | None = None,
    most_videos: int = 1000,
) -> Comparison:
    """Write a model at a stage, or an ensemble, as `out`, in the format `form` (of `FORMATS`).

    records: videos to compare predictions on too, at most so many, evenly spread. Returns the
    comparison with the graph's own predictions on them, or else on random videos.
    Raises ArtefactError if packages are missing, the graph cannot be converted, or predictions
    differ too much; then nothing is written.
    """
    runtime = _runtime(form)
    graph = load_graph(folder)
    in_ensemble = (folder / ENSEMBLE).exists()
    members, shares = members_in(folder) if in_ensemble else ([load_member(folder)], [1.0])
    found = read_preprocessing(folder)
    projections = found.projections if found else {}
    inputs = Inputs(options.input or _as_recorded(graph.schema), graph.schema, projections)
    inside = about(inputs, graph.name, options.weights, _labels(folder, options, graph.schema))
    try:
        content = runtime.convert(
            float_function(members, shares, inputs), inputs, options.weights, inside
        )
    except Exception as error:  # converters raise various types
        kinds = ", ".join(sorted({m.identity["recipe"]["kind"] for m in members}))
        problem = " ".join(str(error).split())[:200]
        raise ArtefactError(
            f"{graph.name}: cannot be converted to {form} ({kinds}): {problem}; use the SavedModel"
        ) from error
    predict, size = runtime.load(content), runtime.MOST_VIDEOS
    found = compare(graph, predict, inputs, made_up_videos(graph.schema, size))
    _check(graph.name, form, options.weights, found, lossless=options.weights == "float32")
    if records is not None:
        real = real_videos(records, most_videos, size)
        found = compare(graph, predict, inputs, real)
        _check(graph.name, form, options.weights, found, lossless=False)
    with replacing(out) as temporary:
        temporary.write_bytes(content)
    return found


def float_function(members: list[Member], shares: list[float], inputs: Inputs) -> Callable:
    """`inputs` in order -> `predictions`, the mean of members, whose weights are float32.

    shares: of each member in the mean.
    """
    models = [_model(member) for member in members]

    def mean(frames: tf.Tensor, num_frames: tf.Tensor) -> tf.Tensor:
        parts = [m([frames, num_frames], training=False) for m in models]
        return tf.add_n([part * share for part, share in zip(parts, shares, strict=True)])

    predict = inputs.reading(mean)
    return lambda *tensors: {OUTPUT: predict(*tensors)}


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


def _as_recorded(schema: Schema) -> str:
    """The kind of input that records hold."""
    return "bytes" if schema.layout == "frame" else "floats"


def _labels(folder: Path, options: Options, schema: Schema) -> list[str] | None:
    """The names of the classes, if they are known."""
    if options.label_names:
        return read_label_names(options.label_names, schema.classes)
    return read_names(folder)


def _check(name: str, form: str, weights: str, found: Comparison, lossless: bool) -> None:
    most = MOST_DIFFERENCE if lossless else MOST_LOSS
    if not found.largest <= most:
        remedy = "use the SavedModel" if weights == "float32" else "use --weights float32"
        raise ArtefactError(
            f"{name}: predictions of {form} with {weights} weights differ by {found.largest:.3g}, "
            f"more than {most:g}; {remedy}"
        )
