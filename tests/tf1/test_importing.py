"""The command that imports checkpoints: what it refuses, and that nothing is left half-written."""

import json

import numpy as np
import pytest
from click.testing import CliRunner

from tests.tf1.checkpoints import logistic, write_checkpoint, write_logistic
from tests.tf1.graphs import drawing, write_graph
from yt8m.artefacts import CONFIG, ENSEMBLE, WEIGHTS
from yt8m.cli import main
from yt8m.config.model import read_model_config
from yt8m.serving.graph import load_graph
from yt8m.tf1 import importing
from yt8m.weights import load_weights

FC = "tower/fully_connected"


@pytest.fixture
def out(tmp_path):
    return tmp_path / "ours" / "model"


def run(folder, out, *options):
    arguments = ["import-tf1", folder, *options, "--out", out]
    return CliRunner().invoke(main, [str(a) for a in arguments])


def refused(folder, out, *options):
    """The command's message of one line when it refuses; nothing is written."""
    result = run(folder, out, *options)
    assert result.exit_code == 1, result.output
    assert not out.parent.exists() or not list(out.parent.iterdir())
    (line,) = [line for line in result.output.splitlines() if line.startswith("yt8m: error: ")]
    return line


def test_a_model_becomes_a_folder(tmp_path, out):
    result = run(write_logistic(tmp_path / "theirs"), out, "--l2", 0.5)
    assert result.exit_code == 0, result.output
    assert result.output.splitlines()[-1] == (
        "model: logistic (l2 0.5, unit_mean False); 3 classes; 70 steps; stage trained"
    )
    assert sorted(str(p.relative_to(out)) for p in out.rglob("*")) == [
        CONFIG,
        "trained",
        f"trained/{WEIGHTS}",
    ]
    config = read_model_config(out / CONFIG)
    assert (config.name, config.recipe.l2, config.schema.classes) == ("model", 0.5, 3)
    assert config.schema.features == {"rgb": 4, "audio": 2}
    weights, header = load_weights(out / "trained" / WEIGHTS, kind="weights")
    assert header["model"] == config.identity
    np.testing.assert_array_equal(weights["classifier/bias"], logistic()[f"{FC}/biases"])


def test_without_flags_features_and_layout_are_options(tmp_path, out):
    write_checkpoint(tmp_path / "theirs", logistic())
    assert "should be [1152, 3]; the features can be given" in refused(tmp_path / "theirs", out)
    features = ("--feature", "rgb", 4, "--feature", "audio", 2)
    assert run(tmp_path / "theirs", out, *features, "--layout", "video").exit_code == 0
    schema = read_model_config(out / CONFIG).schema
    assert (schema.features, schema.layout) == ({"rgb": 4, "audio": 2}, "video")


def test_an_assumed_layout_is_reported(tmp_path, out):
    write_checkpoint(tmp_path / "theirs", logistic())
    features = ("--feature", "rgb", 4, "--feature", "audio", 2)
    said = run(tmp_path / "theirs", out, *features).output
    assert "model: layout: frame is assumed; use --layout to change it" in said
    assert "layout" not in run(write_logistic(tmp_path / "flags"), out.with_name("two")).output


def test_a_mixture_of_experts_without_flags_reads_means(tmp_path, out):
    """The original had none on frames."""
    gates, experts = np.ones((6, 9), "float32"), np.ones((6, 6), "float32")
    arrays = {"global_step": np.int32(7), "tower/gates/weights": gates}
    arrays |= {"tower/experts/weights": experts, "tower/experts/biases": np.ones(6, "float32")}
    write_checkpoint(tmp_path / "theirs", arrays)
    result = run(tmp_path / "theirs", out, "--feature", "rgb", 4, "--feature", "audio", 2)
    assert result.exit_code == 0, result.output
    assert read_model_config(out / CONFIG).schema.layout == "video"


def test_random_operations_of_the_original_are_reported(tmp_path, out):
    theirs = write_logistic(tmp_path / "theirs")
    write_graph(theirs, lambda: drawing(shuffle=True))
    said = run(theirs, out).output.splitlines()
    assert said[-2:] == [
        "model: the original sampled frames at random (no sample_all); here all frames are used",
        "model: the original shuffled frames (frame_shuffle); here they keep their order",
    ]


def test_a_video_level_model_reads_means(tmp_path, out):
    video = {"feature_names": "mean_rgb,mean_audio", "frame_features": False}
    assert run(write_logistic(tmp_path / "theirs", **video), out).exit_code == 0
    assert load_graph(out / "trained").schema == read_model_config(out / CONFIG).schema
    assert read_model_config(out / CONFIG).schema.layout == "video"


def test_missing_and_unexpected_variables_are_listed(tmp_path, out):
    theirs = write_logistic(
        tmp_path / "theirs", {f"{FC}/weights": None, "tower/extra": np.zeros(2)}
    )
    assert (
        "theirs/inference_model: does not fit FrameLevelLogisticModel; "
        f"missing: {FC}/weights; unexpected: tower/extra;"
    ) in refused(theirs, out)


def test_a_wrong_shape_is_reported_with_the_expected_one(tmp_path, out):
    change = {f"{FC}/weights": np.zeros((7, 3), "float32")}
    theirs = write_logistic(tmp_path / "theirs", change)
    shapes = "has shape [7, 3]; by the other variables it should be [6, 3]"
    assert f"inference_model: {FC}/weights {shapes}" in refused(theirs, out)


def test_a_value_that_is_not_finite_is_refused_with_the_originals_name(tmp_path, out):
    theirs = write_logistic(tmp_path / "theirs", {f"{FC}/biases": np.float32([1, np.inf, 2])})
    assert f"variable {FC}/biases: element [1] is inf" in refused(theirs, out)


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        ({"feature_sizes": "4,2,1"}, "is not a valid list of flags"),
        ({"feature_sizes": "many"}, "is not a valid list of flags"),
        ({"feature_names": None}, "is not a valid list of flags"),
        ({"model": "MyModel"}, "is of the unknown model 'MyModel'; known:"),
        ({"feature_names": "rgb,depth", "model": "NetVLADModelLF"}, "feature 'depth'"),
    ],
    ids=str,
)
def test_invalid_flags_are_refused(tmp_path, out, flags, message):
    assert message in refused(write_logistic(tmp_path / "theirs", **flags), out)


def test_damaged_flags_are_refused(tmp_path, out):
    theirs = write_logistic(tmp_path / "theirs")
    (theirs / "model_flags.json").write_text("{")
    assert "model_flags.json: is not valid JSON, or damaged" in refused(theirs, out)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--pooling", "max"), "has no model that --pooling applies to"),
        (("--gating-remove-diagonal",), "--gating-remove-diagonal applies to"),
        (("--coupling-factor", 0.1), "--coupling-factor applies to"),
        (("--member-weights", "1"), "is one model; leave out --member-weights"),
        (("--weights", "ema"), "has no averaged weights"),
        (("--l2", -1), "l2: is -1; 0 or more"),
        (("--checkpoint", "model.ckpt-1"), "no checkpoint 'model.ckpt-1'"),
    ],
    ids=str,
)
def test_an_option_that_does_not_fit_is_refused(tmp_path, out, options, message):
    assert message in refused(write_logistic(tmp_path / "theirs"), out, *options)


def test_existing_files_are_not_overwritten(tmp_path, out):
    theirs = write_logistic(tmp_path / "theirs")
    assert run(theirs, out).exit_code == 0
    result = run(theirs, out)
    assert result.exit_code == 1 and "already exists" in result.output
    assert [p.name for p in out.parent.iterdir()] == ["model"]


def write_ensemble(folder, *classes):
    arrays = {}
    for i, count in enumerate(classes):
        arrays |= logistic(f"model_{i}/", count, seed=i)
    return write_checkpoint(folder, arrays, model="NetVLADModelLF")


def test_an_ensemble_predicts_the_weighted_mean_of_its_members(tmp_path, out):
    result = run(write_ensemble(tmp_path / "theirs", 3, 3), out, "--member-weights", "0.75,0.25")
    assert result.exit_code == 0, result.output
    described = json.loads((out / ENSEMBLE).read_text())
    assert [(m["name"], m["weight"]) for m in described["members"]] == [
        ("model_0", 0.75),
        ("model_1", 0.25),
    ]
    random = np.random.default_rng(0)
    frames, counts = random.integers(0, 256, (2, 5, 6), np.uint8), np.int32([5, 2])

    def predicted(path):
        graph = load_graph(path)
        return graph.function(frames, counts)

    one, two = (predicted(out / "members" / f"model_{i}" / "trained") for i in range(2))
    assert not np.allclose(one, two)
    np.testing.assert_allclose(predicted(out), 0.75 * one + 0.25 * two, atol=1e-6)


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ((), "weights are only in its graph"),
        (("--member-weights", "1"), "there are 1 weights"),
        (("--member-weights", "0.5,0.4"), "weights sum to 0.9; they must sum to 1"),
    ],
    ids=str,
)
def test_weights_that_do_not_match_the_members_are_refused(tmp_path, out, weights, message):
    assert message in refused(write_ensemble(tmp_path / "theirs", 3, 3), out, *weights)


def test_weights_that_are_not_numbers_are_a_usage_error(tmp_path, out):
    result = run(write_ensemble(tmp_path / "theirs", 3, 3), out, "--member-weights", "half")
    assert result.exit_code == 2 and "expected numbers such as 0.5,0.3,0.2" in result.output


def test_inconsistent_members_are_refused_and_nothing_is_left(tmp_path, out):
    theirs = write_ensemble(tmp_path / "theirs", 3, 4)
    message = refused(theirs, out, "--member-weights", "0.5,0.5")
    assert "model_1 predicts 4 classes" in message


def test_a_member_is_named_in_messages(tmp_path, out):
    arrays = logistic("model_0/") | logistic("model_1/")
    del arrays[f"model_1/{FC}/weights"]
    write_checkpoint(tmp_path / "theirs", arrays)
    assert "inference_model, model_1: fits no known model" in refused(tmp_path / "theirs", out)


def test_a_full_disk_leaves_nothing(tmp_path, out, monkeypatch):
    def full(path, value):
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr(importing, "write_json", full)
    assert "No space left on device" in refused(write_logistic(tmp_path / "theirs"), out)
