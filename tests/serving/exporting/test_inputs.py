"""What exported graphs take, and what is written inside the files."""

import json
import zipfile

import numpy as np
import pytest

from tests.serving.exporting.conftest import NAMES, projections
from tests.small import SCHEMA
from yt8m.data.schema import split_features
from yt8m.errors import ArtefactError
from yt8m.serving.exporting.export import FORMATS, Options, export
from yt8m.serving.exporting.inputs import KINDS, Inputs
from yt8m.serving.graph import load_graph

NAMES_OF = {"bytes": ["frames"], "floats": ["frames"], "raw": ["rgb", "audio"]}


def in_onnx(path):
    """Names, types and shapes of inputs; names of outputs; a function; what is known inside."""
    import onnxruntime

    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    inputs = {one.name: (one.type, one.shape) for one in session.get_inputs()}
    texts = session.get_modelmeta().custom_metadata_map
    about = {k: json.loads(v) if v[0] in "[{" or v.isdigit() else v for k, v in texts.items()}
    outputs = [one.name for one in session.get_outputs()]
    return inputs, outputs, lambda arrays: session.run(None, arrays)[0], about


def in_litert(path):
    from ai_edge_litert.interpreter import Interpreter

    model = Interpreter(str(path))
    (signature,) = model.get_signature_list().values()
    inputs = {
        one["name"]: (one["dtype"].__name__, one["shape"].tolist())
        for one in model.get_input_details()
    }
    assert sorted(inputs) == sorted(signature["inputs"])
    run = model.get_signature_runner()
    with zipfile.ZipFile(path) as inside:
        about = json.loads(inside.read("about.json"))
        assert inside.read("labels.txt").decode().splitlines() == about["labels"]
    return inputs, signature["outputs"], lambda arrays: run(**arrays)["predictions"], about


OPEN = {"onnx": in_onnx, "litert": in_litert}


def one_video(batch, kind):
    """The first video, padded, as this kind of input; raw values as the projection has them."""
    frames = np.zeros((1, SCHEMA.max_frames, SCHEMA.feature_size), np.uint8)
    frames[0, : batch.frames.shape[1]] = batch.frames[0]
    lengths = {"num_frames": batch.num_frames[:1]}
    if kind == "bytes":
        return {"frames": frames} | lengths
    values = frames.astype("f4") * (4 / 255) + (4 / 512 - 2)
    if kind == "floats":
        return {"frames": values} | lengths
    found = {}
    for name, part in split_features(values, SCHEMA).items():
        known = projections()[name]
        part = part * known.deviations  # in the middle of a level, or for `nearest` of its half
        if name == "audio":
            part -= 4 / 512 * known.deviations
        part = part if known.vectors is None else part @ known.vectors.T
        found[name] = (part + known.mean).astype("f4")
    return found | lengths


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("kind", KINDS)
def test_bytes_floats_and_an_extractors_values_predict_the_same(exported, named, batch, form, kind):
    inputs, outputs, predict, about = OPEN[form](exported(form, kind))
    assert list(inputs) == [*NAMES_OF[kind], "num_frames"] and list(outputs) == ["predictions"]
    expected = load_graph(named).predict(batch)[:1]
    found = predict(one_video(batch, kind))
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-5)
    assert about["labels"] == NAMES and about["input"] == kind
    assert about["features"] == dict(SCHEMA.features) and about["max_frames"] == SCHEMA.max_frames
    assert about["dequantisation"] == SCHEMA.dequantisation


@pytest.mark.parametrize("form", FORMATS)
def test_shapes_say_what_is_free_and_padding_is_ignored(exported, batch, form):
    inputs, _, predict, _ = OPEN[form](exported(form, "raw"))
    free = {"onnx": ["videos", "frames"], "litert": [1, SCHEMA.max_frames]}[form]
    assert inputs["rgb"][1] == [*free, 64] and inputs["num_frames"][1] == free[:1]
    video = one_video(batch, "raw")
    expected, length = predict(video), int(video["num_frames"][0])
    assert length < SCHEMA.max_frames
    video["rgb"][0, length:] = np.nan
    np.testing.assert_array_equal(predict(video), expected)
    video["rgb"][0, length - 1, 5] = np.nan
    assert np.isnan(predict(video)).all()


def test_inputs_that_a_graph_cannot_have_are_refused(ensemble, tmp_path):
    with pytest.raises(ArtefactError, match="there are no projections beside this graph"):
        export(ensemble, "onnx", tmp_path / "out", Options("raw"))
    means = type(SCHEMA)(SCHEMA.features, SCHEMA.classes, layout="video")
    with pytest.raises(ArtefactError, match="hold means; use floats"):
        Inputs("bytes", means)
