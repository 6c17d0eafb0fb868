"""Contracts of the files of all kinds of models: from a config entry to a graph elsewhere."""

import subprocess
import sys

import numpy as np
import pytest

from tests.contracts.test_models import MODELS, PLAIN, small
from tests.small import SCHEMA, config
from tests.soaking import SOAK, mostly
from yt8m.artefacts import CONFIG, WEIGHTS
from yt8m.config.experiment import read_experiment
from yt8m.config.model import read_model_config
from yt8m.json_files import write_json
from yt8m.models.assemble import build_model
from yt8m.recipes import as_entry, recipe_class
from yt8m.serving.ensemble import export_ensemble
from yt8m.training.run import assign_weights
from yt8m.weights import load_weights, save_weights

pytestmark = pytest.mark.xdist_group("model files")  # one export serves all

every_kind = pytest.mark.parametrize("kind", MODELS)

STRANGER = """
import sys
import numpy as np
import tensorflow as tf
data = np.load("videos.npz")
inputs = {name: tf.constant(data[name]) for name in ("frames", "num_frames")}
found = {}
for kind in sys.argv[1:]:
    graph = tf.saved_model.load(f"{kind}/graph")
    (found[kind],) = graph.signatures["serving_default"](**inputs).values()
np.savez("predictions.npz", **found)
assert "yt8m" not in sys.modules
"""


def named(kind: str) -> str:
    """The name of the model of a kind."""
    return kind.replace(".", "_")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder in which every kind has a folder with its config.json."""
    folder, entry = tmp_path_factory.mktemp("models"), config()
    recipes = {kind: small(recipe_class("yt8m.models", kind, kind)()) for kind in MODELS}
    entries = {named(kind): as_entry(recipe) for kind, recipe in recipes.items()}
    experiment = read_experiment({**entry, "models": {**entry["models"], **entries}})
    for kind in MODELS:
        write_json(folder / kind / CONFIG, experiment.models[named(kind)].entry())
    return folder


@pytest.fixture(scope="module")
def models(folder):
    """Models by kind, as in their config.json; their weights are saved beside it."""
    found = {}
    for kind in MODELS:
        settings = read_model_config(folder / kind / CONFIG)
        model = found[kind] = build_model(settings.recipe, settings.schema)
        arrays = {v.path: np.asarray(v) for v in model.variables}
        header = {"kind": "weights", "model": settings.identity}
        save_weights(folder / kind / WEIGHTS, arrays, header)
    return found


@pytest.fixture(scope="module")
def videos():
    """uint8 [5, 10, 32], garbage past the ends, and int32 [5]."""
    random = np.random.default_rng(5)
    frames = random.integers(0, 256, (5, SCHEMA.max_frames, SCHEMA.feature_size), np.uint8)
    return frames, np.array([10, 1, 4, 7, 0], np.int32)


@pytest.fixture(scope="module")
def elsewhere(folder, models, videos):
    """Predictions of each kind's graph, by one Python that has TensorFlow and not this library."""
    exported = MODELS if SOAK else PLAIN
    for kind in exported:
        export_ensemble(kind, {folder / kind: 1.0}, folder / kind)
    np.savez(folder / "videos.npz", frames=videos[0], num_frames=videos[1])
    command = [sys.executable, "-I", "-c", STRANGER, *exported]
    done = subprocess.run(command, cwd=folder, check=False, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 0, done.stderr
    return np.load(folder / "predictions.npz")


@every_kind
def test_weights_survive_the_round_trip_to_a_file(kind, folder, models):
    settings = read_model_config(folder / kind / CONFIG)
    again = build_model(settings.recipe, settings.schema)
    path = folder / kind / WEIGHTS
    assign_weights(again, load_weights(path)[0], path)
    for expected, found in zip(models[kind].variables, again.variables, strict=True):
        assert expected.path == found.path
        np.testing.assert_array_equal(np.asarray(found), np.asarray(expected))


@pytest.mark.parametrize("kind", mostly(MODELS, PLAIN))
def test_a_graph_predicts_the_same_without_this_library(kind, models, videos, elsewhere):
    expected = np.asarray(models[kind](list(videos)))
    np.testing.assert_allclose(elsewhere[kind], expected, rtol=0, atol=1e-5)
