"""Whatever options of the original a checkpoint was made with: the same predictions.

The checkpoints and what they predict come from its equations, `tests/reference/programs.py`.
"""

from itertools import product

import numpy as np
import pytest

from tests.reference.programs import ALWAYS_LOGISTIC, AUDIO, CLASSES, RGB, Variables, predict
from tests.tf1.checkpoints import write_checkpoint
from tests.tf1.graphs import coupled, gate, write_graph
from yt8m.errors import ArtefactError, ConfigError
from yt8m.serving.graph import load_graph
from yt8m.tf1.importing import Choices, import_checkpoint

LOGISTIC = {"video_level_classifier_model": "LogisticModel"}
BY_ACTIVATIONS = {"moe_prob_gating": True, "moe_prob_gating_input": "activation"}
CLASSIFIERS = [
    {},
    LOGISTIC,
    {"moe_num_mixtures": 3, "moe_low_rank_gating": 2},
    {"moe_prob_gating": True},
    {"gating_remove_diag": True},
    {"moe_prob_gating": True, "gating_remove_diag": True},
    BY_ACTIVATIONS,
]

YES_NO = (True, False)
BAG = {
    "dbof_cluster_size": [16],
    "dbof_hidden_size": [6],
    "dbof_relu": YES_NO,
    "softdbof_maxpool": YES_NO,
    "fc_dimred": YES_NO,
}
OPTIONS = {
    "NetVLADModelLF": {
        "netvlad_cluster_size": [4],
        "netvlad_hidden_size": [6],
        "netvlad_relu": YES_NO,
        "lightvlad": YES_NO,
        "gating": YES_NO,
    },
    "NetFVModelLF": {
        "fv_cluster_size": [4],
        "fv_hidden_size": [6],
        "fv_relu": YES_NO,
        "fv_couple_weights": YES_NO,
        "fv_coupling_factor": [0.25],
        "gating": YES_NO,
    },
    "SoftDbofModelLF": BAG,
    "GatedDbofModelLF": BAG,
    "DbofModel": {
        "dbof_cluster_size": [7],
        "dbof_hidden_size": [6],
        "dbof_pooling_method": ("max", "average"),
    },
    "LstmModel": {"lstm_cells": [6], "lstm_layers": (1, 2, 3)},
    "Lstmbidirect": {"lstm_cells": (6, 7)},
    "GRUbidirect": {"lstm_cells": (6, 7), "gating": YES_NO},
    "GRUbidirect_branchedBN": {},
    "attention_frames_v0": {},
    "FrameLevelLogisticModel": {},
    "LogisticModel": {},
    "MoeModel": {},
}
"""By model: every option that changes its variables or its predictions, and values of it."""

LOGISTIC_ONLY = ("DbofModel", "GRUbidirect_branchedBN")
"""Models that crashed under a mixture of experts."""
NO_CHOICE = (*ALWAYS_LOGISTIC, *LOGISTIC_ONLY)


def variants(model):
    """Every combination of a model's own options."""
    options = OPTIONS[model]
    for values in product(*options.values()):
        flags = dict(zip(options, values, strict=True))
        if flags.get("dbof_relu") and not flags.get("fc_dimred", True):
            continue  # the flag changes nothing then
        yield flags


def combinations():
    """Every combination of a model's options, and every classifier with the first and the last.

    Recurrent models take longer: they have two classifiers.
    """
    for model in OPTIONS:
        found = list(variants(model))
        classifiers = [LOGISTIC] if model in NO_CHOICE else CLASSIFIERS
        if "lstm_cells" in found[0]:
            classifiers = [LOGISTIC, {"moe_prob_gating": True, "gating_remove_diag": True}]
        for flags in found:
            yield model, flags | classifiers[0]
        for flags, classifier in product((found[0], found[-1]), classifiers[1:]):
            yield model, flags | classifier


def named(flags):
    """Flags as a test's name."""
    words = [f"{word}={value}" for word, value in flags.items() if "size" not in word]
    return ",".join(words) or "plain"


every_combination = pytest.mark.parametrize(
    ("model", "flags"),
    [pytest.param(model, flags, id=f"{model}:{named(flags)}") for model, flags in combinations()],
)


def videos(model):
    """float32 [4, 9, F] and int32 [4]; for a model of videos one vector each."""
    random = np.random.default_rng(3)
    num_frames = np.array([9, 1, 4, 6], np.int32)
    frames = random.uniform(-2, 2, (4, 9, RGB + AUDIO)).astype("float32")
    if model in ("LogisticModel", "MoeModel"):
        return frames[:, 0], np.ones(4, np.int32)
    return frames, num_frames


def write(folder, model, variables):
    is_video = model in ("LogisticModel", "MoeModel")
    return write_checkpoint(
        folder,
        variables.arrays | {"global_step": np.int32(9)},
        model=model,
        feature_sizes=f"{RGB}, {AUDIO}",
        feature_names="mean_rgb, mean_audio" if is_video else "rgb, audio",
        frame_features=not is_video,
    )


def told(model, flags):
    """What no variable tells, by the words of the command's options."""
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
def test_an_imported_checkpoint_predicts_what_the_equations_do(tmp_path, model, flags):
    variables = Variables()
    frames, num_frames = videos(model)
    expected = predict(model, flags, variables, frames, num_frames)
    assert expected.shape == (4, CLASSES) and expected.std() > 0
    write(tmp_path / "theirs", model, variables)
    choices = Choices(untold=told(model, flags))
    found = imported(tmp_path, choices, frames, num_frames)
    np.testing.assert_allclose(found, expected, rtol=0, atol=2e-5)


def imported(folder, choices, frames, num_frames, stage="trained"):
    """Predictions of the checkpoint in `folder/theirs`, imported."""
    import_checkpoint(folder / "theirs", folder / "ours", choices)
    graph = load_graph(folder / "ours" / stage)  # its variables live as long as it does
    frames = frames if frames.ndim == 3 else frames[:, None]
    return graph.module.predict_floats(frames, num_frames).numpy()


@pytest.mark.parametrize("project", [True, False])
def test_a_gated_bag_that_was_quantised_predicts_what_its_codes_say(tmp_path, project):
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
"""Of a bag whose hidden layer has as many values as there are classes."""


@pytest.mark.parametrize("source", ["prob", "activation"])
def test_a_gate_of_one_shape_for_both_sources_is_told_by_the_graph(tmp_path, source):
    model, variables = "GatedDbofModelLF", Variables()
    flags = SQUARE | {"moe_prob_gating": True, "moe_prob_gating_input": source}
    expected = predict(model, flags, variables, *videos(model))
    write(tmp_path / "theirs", model, variables)
    with pytest.raises(ArtefactError, match=r"either value of moe_prob_gating_input .*\.meta"):
        import_checkpoint(tmp_path / "theirs", tmp_path / "ours", Choices())
    write_graph(tmp_path / "theirs", lambda: gate(source))
    found = imported(tmp_path, Choices(), *videos(model))
    np.testing.assert_allclose(found, expected, rtol=0, atol=2e-5)


def test_the_factor_of_coupled_centres_is_told_by_the_graph(tmp_path):
    model, variables = "NetFVModelLF", Variables()
    flags = {"fv_cluster_size": 4, "fv_hidden_size": 6, "fv_coupling_factor": 0.5}
    expected = predict(model, flags, variables, *videos(model))
    write(tmp_path / "theirs", model, variables)
    write_graph(tmp_path / "theirs", lambda: coupled(0.5))
    found = imported(tmp_path, Choices(), *videos(model))
    np.testing.assert_allclose(found, expected, rtol=0, atol=2e-5)


NO_RELU = {"dbof_cluster_size": 16, "dbof_hidden_size": 6, "dbof_relu": False}
DIAGONAL = Choices(untold={"gating_remove_diagonal": True})
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
        "has no model that --gating-remove-diagonal says anything about",
    ),
    "coupling_with_the_wrong_sign": (
        "NetFVModelLF",
        {"fv_cluster_size": 4, "fv_hidden_size": 6},
        Choices(untold={"coupling_factor": -0.5}),
        r"as NetFVModelLF\.coupling_factor: is -0\.5",
    ),
    "gates_of_rank_0": (
        "MoeModel",
        {"moe_low_rank_gating": 0},
        Choices(),
        "missing: tower/gates/weights; unexpected: tower/gates1/weights, tower/gates2/weights",
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
"""Model, its flags, choices, and what is said."""

CHANGES = {
    "one_variable_too_many": lambda arrays: arrays | {"tower/extra": np.zeros(3, "float32")},
    "many_variables_of_nobody": lambda arrays: (
        arrays | {f"other/{i:02}": np.zeros(3, "float32") for i in range(50)}
    ),
    "one_variable_missing": lambda arrays: {n: a for n, a in arrays.items() if "dim_red" not in n},
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_ours_cannot_be_is_refused_in_one_line(tmp_path, name):
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
    """No flag names a member's model."""
    variables = Variables()
    predict("GatedDbofModelLF", NO_RELU | {"dbof_cluster_size": 8}, variables, *videos(""))
    arrays = {f"model_{i}/{n}": a for i in (0, 1) for n, a in variables.arrays.items()}
    arrays |= {f"model_{i}/global_step": np.int32(9) for i in (0, 1)}
    write_checkpoint(tmp_path / "theirs", arrays, feature_sizes=f"{RGB},{AUDIO}")
    message = r"inference_model, model_0, as GatedDbofModelLF\.clusters: is 8"
    with pytest.raises(ConfigError, match=message):
        import_checkpoint(tmp_path / "theirs", tmp_path / "ours", Choices())
