"""Every kind of model of the original is recognised by its variables."""

import json
from dataclasses import replace

import numpy as np
import pytest

from tests.goldens import names
from tests.reference.originals import SCHEMA, load
from tests.tf1.checkpoints import write_checkpoint
from yt8m.artefacts import CONFIG
from yt8m.config.model import read_model_config
from yt8m.data.schema import Schema
from yt8m.errors import ArtefactError
from yt8m.models import nextvlad
from yt8m.recipes import as_entry, kinds, recipe_class
from yt8m.serving.graph import load_graph
from yt8m.tf1.importing import Choices, import_checkpoint
from yt8m.tf1.known import kind_modules, originals
from yt8m.tf1.recognise import recognise

NAMES = names("model_")
TOLD = {
    "dbof_average_sampleall": {"pooling": "average"},
    "netvlad_gated_removediag": {"gating_remove_diagonal": True},
}
"""Settings that do not follow from variables, if not the default; apart from the penalty."""


def told(name, recipe):
    entry = as_entry(recipe)
    return {**TOLD.get(name, {}), "l2": entry.get("classifier", entry)["l2"]}


def recognised(arrays, model, known, schema=SCHEMA):
    shapes = {name: np.shape(array) for name, array in arrays.items()}
    return recognise(shapes, "here", schema, model, known)


def expected_of(recipe):
    """The recipe with default values for settings that have no effect."""
    if getattr(recipe, "project", True):
        return recipe
    return replace(recipe, hidden=type(recipe)().hidden)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("is_named", [True, False])
def test_the_recipe_follows_from_the_variables(golden, name, is_named):
    case = load(golden, name)
    model = str(case.numbers["model"]) if is_named else None
    unknown, known = Schema(classes=1), told(name, case.recipe)
    found = recognised(case.variables, model, known, schema=unknown)
    assert found.recipe == expected_of(case.recipe)
    assert found.schema == SCHEMA


@pytest.mark.parametrize("name", NAMES)
def test_an_imported_checkpoint_predicts_the_same_as_the_original(golden, tmp_path, name):
    case = load(golden, name)
    is_video = name.startswith("video")
    arrays = case.variables | {"global_step": np.int32(9)}
    flags = {
        "model": str(case.numbers["model"]),
        "feature_names": "mean_rgb, mean_audio" if is_video else "rgb, audio",
        "feature_sizes": "1024, 128",
        "frame_features": not is_video,
    }
    write_checkpoint(tmp_path / "theirs", arrays, "model.ckpt-9", **flags)
    choices = Choices(unset_flags=told(name, case.recipe))
    import_checkpoint(tmp_path / "theirs", tmp_path / "ours", choices)
    config = read_model_config(tmp_path / "ours" / CONFIG)
    assert (config.schema.layout, config.schema.classes) == ("video" if is_video else "frame", 25)
    graph = load_graph(tmp_path / "ours" / "trained")
    found = graph.function(case.frames, case.num_frames)
    np.testing.assert_allclose(found, case.numbers["predictions"], rtol=0, atol=2e-5)


def test_every_kind_exists_and_each_model_name_belongs_to_one_kind():
    assert set(kind_modules()) == set(kinds("yt8m.models")) - {"mix_nextvlad", "nextvlad"}
    models = [name for module in kind_modules().values() for name in module.MODELS]
    assert len(set(models)) == len(models)


def test_a_model_that_the_original_does_not_have_is_refused_by_its_kind():
    with pytest.raises(ArtefactError, match=r"nextvlad: the original program has no such model.*"):
        originals(nextvlad.Recipe(), SCHEMA)


@pytest.mark.parametrize("kind", sorted(kind_modules()))
def test_no_two_kinds_have_the_same_variables(kind):
    def variables(kind):
        return {o.name for o in originals(recipe_class("yt8m.models", kind, kind)(), SCHEMA)}

    assert all(variables(kind) != variables(other) for other in kind_modules() if other != kind)


@pytest.mark.parametrize("kind", sorted(kind_modules()))
def test_missing_and_unexpected_variables_of_another_model_are_named(golden, kind):
    """Whatever the variables: sizes that cannot be determined do not cause another error."""
    model = kind_modules()[kind].MODELS[0]
    with pytest.raises(ArtefactError, match=rf"does not fit {model}; missing: .*unexpected: x;"):
        recognised({"x": np.zeros(3)}, model, {})
    variables = load(golden, "netvlad_gated_moeprob").variables
    if kind != "netvlad":
        with pytest.raises(ArtefactError, match=r"missing: .*unexpected: .*audio_VLAD"):
            recognised(variables, model, {})


def test_variables_of_no_known_model_are_compared_with_the_nearest(golden):
    variables = dict(load(golden, "netvlad_gated_moeprob").variables)
    del variables["tower/gating_bn/beta"]
    variables["tower/extra"] = np.zeros(3)
    message = (
        r"fits no known model; the nearest is NetVLADModelLF; "
        r"missing: tower/gating_bn/beta; unexpected: tower/extra;"
    )
    with pytest.raises(ArtefactError, match=message):
        recognised(variables, None, {})


def test_an_unknown_model_is_refused_by_name(golden):
    variables = load(golden, "video_moe").variables
    with pytest.raises(
        ArtefactError, match=r"the unknown model 'WillowModel'; known: DbofModel, .*"
    ):
        recognised(variables, "WillowModel", {})


def test_settings_that_cannot_be_determined_are_assumed_and_reported(golden):
    variables = load(golden, "dbof_max").variables
    found = recognised(variables, "DbofModel", {})
    assert found.recipe.pooling == "max"
    assert "pooling: max is assumed; use --pooling to change it" in found.assumed
    gated = load(golden, "netvlad_gated_moeprob").variables
    lines = json.dumps(recognised(gated, None, {"l2": 1.0}).assumed)
    assert "gating_remove_diagonal: false is assumed" in lines
    assert "classifier.remove_diagonal: false is assumed" in lines
