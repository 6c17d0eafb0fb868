"""An ensemble of the original's models predicts the same as the original's ensemble."""

import numpy as np
import pytest

from tests.reference.arrays import our_arrays
from yt8m.artefacts import WEIGHTS
from yt8m.data.schema import Schema
from yt8m.models import logistic
from yt8m.recipes import as_entry
from yt8m.serving.ensemble import export_ensemble
from yt8m.serving.graph import load_graph
from yt8m.weights import save_weights

SCHEMA = Schema(classes=25)


@pytest.fixture(scope="module")
def stored(golden):
    """The original's ensemble of three logistic models on frames."""
    with np.load(golden("ensemble.npz")) as file:
        return dict(file)


@pytest.fixture(scope="module")
def frames(stored, golden):
    """The inputs of both: dequantised frames, and num_frames."""
    with np.load(golden(str(stored["input_file"]))) as file:
        return file["model_input_raw"], file["num_frames"]


@pytest.fixture(scope="module")
def stages(stored, tmp_path_factory):
    """The original's members as our stages, in its order."""
    folder, recipe = tmp_path_factory.mktemp("models"), logistic.Recipe()
    found = []
    for number in range(len(stored["weights"])):
        prefix = f"model{number}/var/"
        theirs = {n.removeprefix(prefix): a for n, a in stored.items() if n.startswith(prefix)}
        name = f"model{number}"
        identity = {"name": name, "recipe": as_entry(recipe), "schema": SCHEMA.as_json()}
        header = {"kind": "weights", "model": identity}
        found.append(folder / name / "trained")
        save_weights(found[-1] / WEIGHTS, our_arrays(recipe, SCHEMA, theirs), header)
    return found


def test_the_members_predict_the_same_as_the_originals(stages, frames, stored):
    for stage, expected in zip(stages, stored["member_predictions"], strict=True):
        graph = load_graph(stage)
        found = graph.function(*frames)
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-6)


def test_the_exported_ensemble_predicts_the_same_as_the_original(stages, frames, stored, tmp_path):
    weights = stored["weights"].tolist()
    export_ensemble("theirs", dict(zip(stages, weights, strict=True)), tmp_path / "theirs")
    graph = load_graph(tmp_path / "theirs")
    found = graph.function(*frames)
    np.testing.assert_allclose(found, stored["ensemble_predictions"], rtol=0, atol=1e-6)
