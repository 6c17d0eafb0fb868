"""The predictions are the same whatever the original's options of a checkpoint.

The checkpoints and what they predict come from its equations, `tests/reference/programs.py`.
"""

import numpy as np
import pytest

from tests.reference.programs import CLASSES, Variables, predict
from tests.tf1.graphs import coupled, gate, write_graph
from tests.tf1.options import combinations, imported, videos, write
from yt8m.errors import ArtefactError
from yt8m.tf1.importing import Choices, import_checkpoint


def named(flags):
    """Flags as the name of a test."""
    words = [f"{word}={value}" for word, value in flags.items() if "size" not in word]
    return ",".join(words) or "plain"


def parameters():
    """Every third combination; all of them for `make soak`."""
    for number, (model, flags) in enumerate(combinations()):
        marks = pytest.mark.soak if number % 3 else ()
        yield pytest.param(model, flags, id=f"{model}:{named(flags)}", marks=marks)


every_combination = pytest.mark.parametrize(("model", "flags"), list(parameters()))


def told(model, flags):
    """Settings that do not follow from variables, by the names of the command's options."""
    found = {}
    if model == "DbofModel":
        found["pooling"] = flags["dbof_pooling_method"]
    if flags.get("fv_couple_weights"):
        found["coupling_factor"] = flags["fv_coupling_factor"]
    is_gated = model == "NetVLADModelLF" and flags["gating"]
    if flags.get("gating_remove_diag") and (is_gated or flags.get("moe_prob_gating")):
        found["gating_remove_diagonal"] = True
    return found


@every_combination
def test_an_imported_checkpoint_predicts_the_same_as_the_equations(tmp_path, model, flags):
    variables = Variables()
    frames, num_frames = videos(model)
    expected = predict(model, flags, variables, frames, num_frames)
    assert expected.shape == (4, CLASSES) and expected.std() > 0
    write(tmp_path / "theirs", model, variables)
    choices = Choices(unset_flags=told(model, flags))
    found = imported(tmp_path, choices, frames, num_frames)
    np.testing.assert_allclose(found, expected, rtol=0, atol=2e-5)


@pytest.mark.parametrize("project", [True, False])
def test_a_quantised_gated_bag_predicts_with_its_decoded_weights(tmp_path, project):
    model, variables = "GatedDbofModelLF", Variables()
    flags = {"dbof_cluster_size": 16, "dbof_hidden_size": 6, "softdbof_maxpool": True}
    flags |= {"fc_dimred": project, "dbof_relu": False}
    predict(model, flags, variables, *videos(model))  # for the variables
    arrays = variables.arrays
    down, experts = "tower/video_DBOF/dim_red", "tower/experts/weights"
    space = np.linspace(-1, 1, 256, dtype="float32")
    codes = np.abs(arrays[down][..., None] - space).argmin(-1).astype("uint8")
    halves = arrays[experts].astype("float16")
    arrays |= {down: space[codes], experts: halves.astype("float32")}
    expected = predict(model, flags, variables, *videos(model))
    small = {f"{down}_quants": codes, f"{down}_space": space, f"{experts}float16": halves}
    variables.arrays = {n: a for n, a in arrays.items() if n not in (down, experts)} | small
    write(tmp_path / "theirs", model, variables)
    found = imported(tmp_path, Choices(), *videos(model), stage="quantised")
    np.testing.assert_allclose(found, expected, rtol=0, atol=2e-5)


SQUARE = {"dbof_cluster_size": 16, "dbof_hidden_size": CLASSES, "dbof_relu": False}
"""Flags of a bag whose hidden layer has as many values as there are classes."""


@pytest.mark.parametrize("source", ["prob", "activation"])
def test_the_source_of_a_gate_is_read_from_the_graph_if_both_have_one_shape(tmp_path, source):
    model, variables = "GatedDbofModelLF", Variables()
    flags = SQUARE | {"moe_prob_gating": True, "moe_prob_gating_input": source}
    expected = predict(model, flags, variables, *videos(model))
    write(tmp_path / "theirs", model, variables)
    with pytest.raises(ArtefactError, match=r"both values of moe_prob_gating_input .*\.meta"):
        import_checkpoint(tmp_path / "theirs", tmp_path / "ours", Choices())
    write_graph(tmp_path / "theirs", lambda: gate(source))
    found = imported(tmp_path, Choices(), *videos(model))
    np.testing.assert_allclose(found, expected, rtol=0, atol=2e-5)


def test_the_factor_of_coupled_centres_is_read_from_the_graph(tmp_path):
    model, variables = "NetFVModelLF", Variables()
    flags = {"fv_cluster_size": 4, "fv_hidden_size": 6, "fv_coupling_factor": 0.5}
    expected = predict(model, flags, variables, *videos(model))
    write(tmp_path / "theirs", model, variables)
    write_graph(tmp_path / "theirs", lambda: coupled(0.5))
    found = imported(tmp_path, Choices(), *videos(model))
    np.testing.assert_allclose(found, expected, rtol=0, atol=2e-5)
