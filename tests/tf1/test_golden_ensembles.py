"""Ensembles of the original scripts are split into their members on import."""

import json
import shutil

import numpy as np
import pytest

from tests.tf1.originals import MEMBERS, STAGES, invoke, predicted
from yt8m.artefacts import ENSEMBLE, WEIGHTS
from yt8m.compression.plan import dequantise_weights
from yt8m.errors import ArtefactError
from yt8m.serving.graph import load_graph
from yt8m.tf1.importing import Choices, import_checkpoint
from yt8m.weights import load_weights


def test_the_members_of_an_ensemble_equal_the_original_models(imported):
    folder = imported("ensemble")
    members = {
        "netvlad_ema_quant_uniform": "model_0/quantised",
        "lstmbidirect": "model_1/trained",
        "gateddbof": "model_2/trained",
    }
    for name, member in members.items():
        ours, _ = load_weights(folder / "members" / member / WEIGHTS)
        alone, _ = load_weights(imported(name) / STAGES[name] / WEIGHTS)
        ours, alone = dequantise_weights(ours), dequantise_weights(alone)
        assert ours.keys() == alone.keys()
        for path, values in alone.items():
            np.testing.assert_array_equal(ours[path], values, err_msg=path)
    described = json.loads((folder / ENSEMBLE).read_text())
    assert [m["weight"] for m in described["members"]] == list(MEMBERS.values())


def test_an_ensemble_without_its_graph_needs_the_weights(checkpoints, graphs, inputs, tmp_path):
    shutil.copytree(checkpoints / "ensemble", tmp_path / "bare", copy_function=shutil.copyfile)
    (tmp_path / "bare").chmod(0o755)
    (tmp_path / "bare" / "inference_model.meta").unlink()
    with pytest.raises(ArtefactError, match=r"ensemble of 3.*--member-weights"):
        import_checkpoint(tmp_path / "bare", tmp_path / "m", Choices())
    with pytest.raises(ArtefactError, match="there are 2 weights"):
        import_checkpoint(tmp_path / "bare", tmp_path / "m", Choices(member_weights=(0.5, 0.5)))
    invoke(
        "import-tf1", tmp_path / "bare", "--member-weights", "0.5,0.3,0.2", "--out", tmp_path / "m"
    )
    full = inputs["full_bytes"], inputs["full_num_frames"]
    found = predicted(load_graph(tmp_path / "m"), *full)
    np.testing.assert_allclose(found, predicted(graphs("ensemble"), *full), rtol=0, atol=1e-6)
