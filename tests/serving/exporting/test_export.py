"""Graphs for other runtimes: every kind of model predicts the same or is refused."""

from dataclasses import replace

import numpy as np
import pytest

from tests.contracts.test_models import MODELS, PLAIN, SCHEMA, small
from tests.serving.exporting.conftest import skip_without
from tests.serving.stages import write_kind
from tests.soaking import mostly
from yt8m.artefacts import WEIGHTS
from yt8m.compression.quantisers import bfloat16, kmeans, uniform
from yt8m.config.steps import Quantisation
from yt8m.errors import ArtefactError
from yt8m.quantisation import quantise_stage
from yt8m.recipes import recipe_class
from yt8m.serving.ensemble import export_ensemble
from yt8m.serving.exporting.export import FORMATS, MOST_DIFFERENCE, Options, export
from yt8m.serving.exporting.members import members_in
from yt8m.serving.member import load_member

REFUSED = {("onnx", "bigru"), ("onnx", "branched_gru")}
"""tf2onnx 1.17 cannot convert the loop of Keras' `scan`."""


def write_stage(folder, kind, schema=SCHEMA):
    return write_kind(folder, kind, small(recipe_class("yt8m.models", kind, kind)()), schema)


@pytest.mark.parametrize("kind", mostly(MODELS, PLAIN))
@pytest.mark.parametrize("form", FORMATS)
def test_a_model_of_every_kind_predicts_the_same_or_is_refused(form, kind, tmp_path):
    skip_without(form)
    stage, out = write_stage(tmp_path / "stage", kind), tmp_path / "out"
    if (form, kind) in REFUSED:
        with pytest.raises(ArtefactError, match=rf"cannot be converted to {form} \({kind}\)"):
            export(stage, form, out)
        assert not out.exists()
    else:
        assert export(stage, form, out).largest <= MOST_DIFFERENCE
        assert out.stat().st_size > 1000


@pytest.mark.parametrize("form", FORMATS)
def test_a_video_level_model_predicts_the_same(form, tmp_path):
    skip_without(form)
    stage = write_stage(tmp_path / "stage", "logistic", replace(SCHEMA, layout="video"))
    assert export(stage, form, tmp_path / "out").largest <= MOST_DIFFERENCE


@pytest.mark.parametrize("form", FORMATS)
def test_a_quantised_ensemble_predicts_the_same(form, ensemble, tmp_path):
    skip_without(form)
    assert export(ensemble, form, tmp_path / "out").largest <= MOST_DIFFERENCE


@pytest.fixture
def in_other_ways(stages, tmp_path):
    """Stages with packed codes, with groups, and with float16."""
    ways = {"vlad": kmeans.Recipe(3), "bag": uniform.Recipe(5, "columns", 2)}
    for name, way in {**ways, "memory": bfloat16.Recipe()}.items():
        settings = Quantisation(way, min_elements=20)
        quantise_stage(stages[name] / WEIGHTS, settings, tmp_path / name)
    return {name: tmp_path / name for name in stages}


def test_packed_codes_and_groups_are_exported_unchanged(in_other_ways, tmp_path):
    export_ensemble("other", dict.fromkeys(in_other_ways.values(), 1 / 3), tmp_path / "other")
    are_those_that_were_put_in(tmp_path / "other", in_other_ways)


def test_the_members_in_a_graph_are_those_of_the_ensemble(ensemble, quantised):
    are_those_that_were_put_in(ensemble, quantised)


def are_those_that_were_put_in(ensemble, stages):
    members, weights = members_in(ensemble)
    for member, weight, (name, stage) in zip(members, weights, sorted(stages.items()), strict=True):
        original = load_member(stage)
        assert member.name == name and member.digest == original.digest and weight > 0
        for path, values in original.stored.items():
            found = member.stored[path]
            for part, array in getattr(values, "arrays", {"": values}).items():
                np.testing.assert_array_equal(getattr(found, "arrays", {"": found})[part], array)


def test_an_exported_graph_that_predicts_differently_is_refused(monkeypatch, tmp_path):
    from types import SimpleNamespace

    other = SimpleNamespace(
        MOST_VIDEOS=4,
        convert=lambda function, inputs, weights, about: b"",
        load=lambda content: lambda arrays: np.zeros((len(arrays["frames"]), SCHEMA.classes), "f4"),
    )
    monkeypatch.setattr("yt8m.serving.exporting.export._runtime", lambda form: other)
    stage = write_stage(tmp_path / "stage", "logistic")
    for weights in ("float32", "int8"):
        with pytest.raises(ArtefactError, match=f"onnx with {weights} weights differ by"):
            export(stage, "onnx", tmp_path / "out", Options(weights=weights))
    assert not (tmp_path / "out").exists()


def test_missing_packages_are_named(monkeypatch, tmp_path):
    def gone(name):
        raise ModuleNotFoundError("No module named 'tf2onnx'", name="tf2onnx")

    monkeypatch.setattr("yt8m.serving.exporting.export.importlib.import_module", gone)
    with pytest.raises(ArtefactError, match=r"package tf2onnx; install it, .*-e '\.\[export\]'"):
        export(tmp_path, "onnx", tmp_path / "out")
