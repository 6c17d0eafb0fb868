"""Checkpoints that are not supported: refused in one line, whatever the reason."""

import numpy as np
import pytest

from tests.reference.programs import AUDIO, RGB, Variables, predict
from tests.tf1.checkpoints import write_checkpoint
from tests.tf1.graphs import coupled, write_graph
from tests.tf1.options import BY_ACTIVATIONS, LOGISTIC, NO_CHOICE, OPTIONS, variants, videos, write
from yt8m.data.schema import Schema
from yt8m.errors import ArtefactError, ConfigError
from yt8m.tf1.importing import Choices, import_checkpoint
from yt8m.tf1.recognise import recognise

NO_RELU = {"dbof_cluster_size": 16, "dbof_hidden_size": 6, "dbof_relu": False}
DIAGONAL = Choices(unset_flags={"gating_remove_diagonal": True})
REFUSED = {
    "bag_of_one_audio_cluster": (
        "GatedDbofModelLF",
        NO_RELU | {"dbof_cluster_size": 8},
        Choices(),
        r"as GatedDbofModelLF\.clusters: is 8; .*16 or more",
    ),
    "diagonal_of_a_gate_by_activations": (
        "SoftDbofModelLF",
        {"dbof_cluster_size": 16, "dbof_hidden_size": 6, "fc_dimred": False} | BY_ACTIVATIONS,
        DIAGONAL,
        "has gating_remove_diag on a gate whose moe_prob_gating_input is activation",
    ),
    "diagonal_of_no_gate": (
        "GRUbidirect",
        {"lstm_cells": 6, "gating": True},
        DIAGONAL,
        "has no model that --gating-remove-diagonal applies to",
    ),
    "coupling_with_the_wrong_sign": (
        "NetFVModelLF",
        {"fv_cluster_size": 4, "fv_hidden_size": 6},
        Choices(unset_flags={"coupling_factor": -0.5}),
        r"as NetFVModelLF\.coupling_factor: is -0\.5",
    ),
    "gates_of_rank_0": (
        "MoeModel",
        {"moe_low_rank_gating": 0},
        Choices(),
        r"tower/gates2/weights has shape \[0, 15\]; by the other variables it should be \[1, 15\]",
    ),
    "one_variable_too_many": (
        "GatedDbofModelLF",
        NO_RELU,
        Choices(),
        "does not fit GatedDbofModelLF; missing: none; unexpected: tower/extra",
    ),
    "one_variable_missing": (
        "GatedDbofModelLF",
        NO_RELU,
        Choices(),
        "missing: tower/video_DBOF/dim_red; unexpected: none",
    ),
    "many_variables_of_nobody": (
        "MoeModel",
        {},
        Choices(),
        "unexpected: other/00, .*, other/11, 38 more;",
    ),
    "variables_of_another_model": (
        "SoftDbofModelLF",
        NO_RELU,
        Choices(),
        "does not fit GatedDbofModelLF; missing: tower/video_DBOF/cluster_bn_2/beta, .*none",
    ),
}
"""Model, flags, choices, and the expected message."""

CHANGES = {
    "one_variable_too_many": lambda arrays: arrays | {"tower/extra": np.zeros(3, "float32")},
    "many_variables_of_nobody": lambda arrays: (
        arrays | {f"other/{i:02}": np.zeros(3, "float32") for i in range(50)}
    ),
    "one_variable_missing": lambda arrays: {n: a for n, a in arrays.items() if "dim_red" not in n},
}


@pytest.mark.parametrize("name", REFUSED)
def test_an_unsupported_checkpoint_is_refused_in_one_line(tmp_path, name):
    model, flags, choices, message = REFUSED[name]
    variables = Variables()
    predict(model, flags, variables, *videos(model))
    variables.arrays = CHANGES.get(name, lambda arrays: arrays)(variables.arrays)
    called = "GatedDbofModelLF" if name == "variables_of_another_model" else model
    write(tmp_path / "theirs", called, variables)
    with pytest.raises((ArtefactError, ConfigError), match=message) as refused:
        import_checkpoint(tmp_path / "theirs", tmp_path / "ours", choices)
    assert "inference_model" in str(refused.value) and "\n" not in str(refused.value)
    assert [p.name for p in tmp_path.iterdir()] == ["theirs"]


def test_a_member_of_an_ensemble_is_refused_for_its_size_not_for_its_variables(tmp_path):
    """Flags do not name the models of members."""
    variables = Variables()
    predict("GatedDbofModelLF", NO_RELU | {"dbof_cluster_size": 8}, variables, *videos(""))
    arrays = {f"model_{i}/{n}": a for i in (0, 1) for n, a in variables.arrays.items()}
    arrays |= {f"model_{i}/global_step": np.int32(9) for i in (0, 1)}
    write_checkpoint(tmp_path / "theirs", arrays, feature_sizes=f"{RGB},{AUDIO}")
    message = r"inference_model, model_0, as GatedDbofModelLF\.clusters: is 8"
    with pytest.raises(ConfigError, match=message):
        import_checkpoint(tmp_path / "theirs", tmp_path / "ours", Choices())


@pytest.mark.parametrize("model", OPTIONS)
def test_a_missing_variable_or_any_shape_is_reported_in_one_line(model):
    flags = next(variants(model)) | (LOGISTIC if model in NO_CHOICE else BY_ACTIVATIONS)
    variables = Variables()
    predict(model, flags, variables, *(array[:1] for array in videos(model)))
    shapes = {name: array.shape for name, array in variables.arrays.items()}
    assert recognised(shapes, model) is None
    for name, shape in shapes.items():
        without = {n: s for n, s in shapes.items() if n != name}
        assert recognised(without, model) and recognised(without, None), name
        for other in ((), (0,), (0, 0), shape[::-1], (*shape, 2)):
            recognised(shapes | {name: other}, model)


def recognised(shapes, model):
    """The message if the shapes are those of no model; else None."""
    schema = Schema({"rgb": RGB, "audio": AUDIO}, classes=1)
    try:
        recognise(shapes, "here", schema, model, {})
    except (ArtefactError, ConfigError) as error:
        assert "\n" not in str(error) and len(str(error)) < 1500
        return str(error)
    return None


def test_an_option_that_the_graph_contradicts_is_refused(tmp_path):
    model, variables = "NetFVModelLF", Variables()
    flags = {"fv_cluster_size": 4, "fv_hidden_size": 6, "fv_coupling_factor": 0.5}
    predict(model, flags, variables, *videos(model))
    write(tmp_path / "theirs", model, variables)
    write_graph(tmp_path / "theirs", lambda: coupled(0.5))
    choices = Choices(unset_flags={"coupling_factor": 0.25})
    message = r"has coupling_factor 0\.5, but --coupling-factor is 0\.25; leave it out"
    with pytest.raises(ArtefactError, match=message):
        import_checkpoint(tmp_path / "theirs", tmp_path / "ours", choices)
    import_checkpoint(tmp_path / "theirs", tmp_path / "ours", Choices(unset_flags={"l2": 0.5}))
