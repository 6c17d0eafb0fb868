"""Smaller weights: smaller files, whose cost is measured."""

import numpy as np
import pytest

from tests.serving.exporting.conftest import skip_without
from tests.serving.exporting.test_export import write_stage
from tests.serving.stages import write_kind
from tests.small import SCHEMA, write_dataset
from yt8m.data.records import Records
from yt8m.recipes import read_recipe
from yt8m.serving.exporting.export import FORMATS, WEIGHTS, Options, export

WIDE = {"kind": "netvlad", "clusters": 16, "hidden": 128}


@pytest.fixture(scope="module")
def wide(tmp_path_factory):
    """A model with 70,000 weights."""
    recipe = read_recipe("yt8m.models", WIDE, "models.wide")
    return write_kind(tmp_path_factory.mktemp("wide"), "netvlad", recipe, SCHEMA)


@pytest.fixture(scope="module")
def records(tmp_path_factory):
    return Records(write_dataset(tmp_path_factory.mktemp("data"))["validate"])


@pytest.mark.parametrize("form", FORMATS)
def test_smaller_weights_make_smaller_files_that_predict_nearly_the_same(
    form, wide, records, tmp_path
):
    skip_without(form)
    sizes, found = {}, {}
    for weights in WEIGHTS:
        out = tmp_path / weights
        found[weights] = export(wide, form, out, Options(weights=weights), records, most_videos=20)
        sizes[weights] = out.stat().st_size
    assert sizes["float16"] < 0.6 * sizes["float32"] and sizes["int8"] < 0.4 * sizes["float32"]
    assert found["float32"].largest < 1e-5 < found["int8"].largest < 0.25
    assert 0 < found["float16"].mean < found["int8"].mean < found["int8"].largest
    for each in found.values():
        assert each.videos == 20
        before, after = each.gaps
        assert before == found["float32"].gaps[0] and abs(after - before) < 0.05
    assert "GAP" in str(found["int8"])


def test_constants_near_zero_are_not_lost_in_float16(tmp_path):
    """With 1e-12 as 0, a frame past the end of a video would be 0 / 0."""
    skip_without("litert")
    stage = write_stage(tmp_path / "stage", "nextvlad")
    found = export(stage, "litert", tmp_path / "out", Options("floats", "float16"))
    assert found.largest < 1e-4 and np.isfinite(found.mean) and found.gaps is None


def arrays_in_onnx(path):
    import onnx

    graph = onnx.load(path).graph
    return {one.name: onnx.TensorProto.DataType.Name(one.data_type) for one in graph.initializer}


def arrays_in_litert(path):
    from ai_edge_litert.interpreter import Interpreter

    model = Interpreter(str(path))
    names = {"float32": "FLOAT", "int8": "INT8"}
    details = model.get_tensor_details()
    return {one["name"]: names.get(one["dtype"].__name__) for one in details}


ARRAYS = {"onnx": arrays_in_onnx, "litert": arrays_in_litert}


@pytest.mark.parametrize("form", FORMATS)
def test_projections_stay_float32(form, named, tmp_path):
    skip_without(form)
    found = export(named, form, tmp_path / "out", Options("raw", "int8"))
    assert found.largest < 0.05
    kinds = ARRAYS[form](tmp_path / "out")
    of_projection = {kind for name, kind in kinds.items() if name.startswith("projection/")}
    assert "FLOAT" in of_projection and "INT8" not in of_projection
