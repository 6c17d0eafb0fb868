"""Checkpoints written by the original scripts predict here what they predicted there."""

import gzip
import json
import shutil

import numpy as np
import pytest
from click.testing import CliRunner

from yt8m.artefacts import CONFIG, ENSEMBLE, WEIGHTS, read_model_config
from yt8m.cli import main
from yt8m.compression.plan import dequantise_weights
from yt8m.compression.storage import Encoded
from yt8m.data.manifest import write_manifest
from yt8m.data.sampling import FrameSampler
from yt8m.data.schema import Batch, Schema
from yt8m.data.survey import build_manifest
from yt8m.errors import ArtefactError
from yt8m.models.originals import our_arrays
from yt8m.quantisation import quantise_stage
from yt8m.serving.graph import load_graph
from yt8m.tf1.checkpoint import Checkpoint
from yt8m.tf1.importing import Choices, import_checkpoint
from yt8m.weights import load_weights

STAGES = {
    "netvlad": "trained",
    "netvlad_ema": "trained",
    "netvlad_ema_quant_uniform": "quantised",
    "netvlad_ema_float16": "quantised",
    "lstmbidirect": "trained",
    "lstmbidirect_ema": "trained",
    "gateddbof": "trained",
    "ensemble": "",
}
"""By folder: where its graph comes to lie in the imported one."""

MEMBERS = {"netvlad_ema_quant_uniform": 0.5, "lstmbidirect": 0.3, "gateddbof": 0.2}
"""What went into the ensemble, in its order."""

EVERY = pytest.mark.parametrize("name", STAGES)
HIDDEN = ("tower/hidden1_weights", "hidden/kernel")
BEST, SCORES = slice(0, None, 2), slice(1, None, 2)


@pytest.fixture(scope="session")
def checkpoints(golden):
    return golden("checkpoints")


@pytest.fixture(scope="session")
def imported(checkpoints, tmp_path_factory):
    """The imported folder of a checkpoint, by name; each is imported once."""
    folder, done = tmp_path_factory.mktemp("imported"), set()

    def of(name):
        if name not in done:
            import_checkpoint(checkpoints / name, folder / name, Choices())
            done.add(name)
        return folder / name

    return of


@pytest.fixture(scope="session")
def graphs(imported):
    loaded = {}

    def of(name):
        if name not in loaded:
            loaded[name] = load_graph(imported(name) / STAGES[name])
        return loaded[name]

    return of


@pytest.fixture(scope="session")
def inputs(checkpoints):
    return dict(np.load(checkpoints / "inputs.npz"))


@pytest.fixture(scope="session")
def test16(checkpoints, tmp_path_factory):
    """Manifest of the 16 videos that the original wrote its CSV for."""
    folder = tmp_path_factory.mktemp("test16")
    content = gzip.decompress((checkpoints / "test16.tfrecord.gz").read_bytes())
    (folder / "test16.tfrecord").write_bytes(content)
    manifest = build_manifest([folder / "test16.tfrecord"], Schema(), "test16", 1)
    write_manifest(manifest, folder / "test16.json")
    return folder / "test16.json"


def invoke(*arguments):
    result = CliRunner().invoke(main, [str(a) for a in arguments])
    assert result.exit_code == 0, result.output
    return result.output


def predicted(graph, frames, num_frames):
    ids = [str(i) for i in range(len(frames))]
    return graph.predict(Batch(ids, frames, num_frames, np.zeros((len(ids), 1), bool)))


@EVERY
def test_predictions_are_the_originals(checkpoints, graphs, inputs, name):
    stored = np.load(checkpoints / name / "predictions.npz")
    full = predicted(graphs(name), inputs["full_bytes"], inputs["full_num_frames"])
    np.testing.assert_allclose(full, stored["full_predictions"], rtol=0, atol=2e-5)
    mixed = predicted(graphs(name), inputs["mixed_bytes"], inputs["mixed_num_frames"])
    # Videos of 57 and 299 frames are filled up at random there, but for the recurrent models: see
    # `test_filled_up_videos_are_scored_as_the_original_did`.
    rows = [0, 1, 2, 3] if name.startswith("lstm") else [0, 3]
    np.testing.assert_allclose(mixed[rows], stored["mixed_mean"][rows], rtol=0, atol=2e-5)


def filled_up(graphs, name, frames, num_frames, draw):
    """Predictions on 300 frames a video; a recurrent member of an ensemble sees its own only."""
    chosen = FrameSampler("resampled", 300, seed=1).draw(0, draw, num_frames)
    filled = np.take_along_axis(frames, chosen[..., None], axis=1), np.full_like(num_frames, 300)
    members = MEMBERS if name == "ensemble" else {name: 1.0}
    return sum(
        weight * predicted(graphs(n), *((frames, num_frames) if n.startswith("lstm") else filled))
        for n, weight in members.items()
    )


@pytest.mark.parametrize("name", [n for n in STAGES if not n.startswith("lstm")])
def test_filled_up_videos_are_scored_as_the_original_did(checkpoints, graphs, inputs, name):
    """Frames past a video's end drawn as the original drew them; the mean of some draws."""
    draws, standard_errors = 10, 6
    stored = np.load(checkpoints / name / "predictions.npz")
    mixed = inputs["mixed_bytes"], inputs["mixed_num_frames"]
    found = [filled_up(graphs, name, *mixed, draw) for draw in range(draws)]
    difference = np.abs(np.mean(found, axis=0) - stored["mixed_mean"])
    error = stored["mixed_std"] * np.sqrt(1 / 30 + 1 / draws)
    assert (error[[1, 2]].max(axis=1) > 1e-5).all()
    assert (difference <= standard_errors * error + 2e-5).all()


@EVERY
def test_the_submission_is_the_originals(checkpoints, imported, test16, tmp_path, name):
    graph, parquet, csv = imported(name) / STAGES[name], tmp_path / "p.parquet", tmp_path / "s.csv"
    invoke("predict", graph, test16, "--batch-size", 16, "--out", parquet)
    invoke("submit", parquet, "--out", csv)
    expected = (checkpoints / name / "submission.csv").read_text().splitlines()
    found = csv.read_text().splitlines()
    assert found[0] == expected[0]
    assert len(found) == len(expected) == 17
    for ours, theirs in zip(found[1:], expected[1:], strict=True):
        same_up_to_ties(ours, theirs)


def same_up_to_ties(ours, theirs):
    """A line of the CSV; classes whose scores are closer than 1e-6 may change places."""
    (id_, ours), (their_id, theirs) = (line.split(",") for line in (ours, theirs))
    ours, theirs = ours.split(), theirs.split()
    assert id_ == their_id
    scores, their_scores = np.float64(ours[SCORES]), np.float64(theirs[SCORES])
    np.testing.assert_allclose(scores, their_scores, rtol=0, atol=2e-5)
    for label, their_label, score in zip(ours[BEST], theirs[BEST], their_scores, strict=True):
        if label != their_label:
            place = theirs[BEST].index(label) if label in theirs[BEST] else -1
            assert abs(their_scores[place] - score) < 1e-6


@pytest.mark.parametrize("name", [n for n in STAGES if n != "ensemble"])
def test_every_value_is_the_originals(checkpoints, imported, name):
    """Bit for bit, and the updates of batch norm are counted from the original's steps on."""
    checkpoint = Checkpoint(checkpoints / name / "inference_model")
    weights, _ = load_weights(imported(name) / STAGES[name] / WEIGHTS)
    config = read_model_config(imported(name) / CONFIG)
    arrays = {n: value_of(checkpoint, n) for n in variables_of(checkpoint)}
    expected = our_arrays(config.recipe, config.schema, arrays)
    decoded = dequantise_weights(weights)
    updates = {path for path in decoded if path.endswith("/updates")}
    assert decoded.keys() - updates == expected.keys()
    for path, values in expected.items():
        np.testing.assert_array_equal(decoded[path], values, err_msg=path)
    for path in updates:
        assert decoded[path] == checkpoint.read("global_step")


def variables_of(checkpoint):
    names = checkpoint.shapes.keys() - {"global_step"}
    for suffix in ("_quants", "_space", "float16"):
        names = {n.removesuffix(suffix) for n in names}
    return names


def value_of(checkpoint, name):
    if f"{name}_quants" in checkpoint.shapes:
        return checkpoint.read(f"{name}_space")[checkpoint.read(f"{name}_quants")]
    if f"{name}float16" in checkpoint.shapes:
        return checkpoint.read(f"{name}float16").astype(np.float32)
    return checkpoint.read(name)


def test_codes_stay_codes(checkpoints, imported):
    checkpoint = Checkpoint(checkpoints / "netvlad_ema_quant_uniform" / "inference_model")
    weights, _ = load_weights(imported("netvlad_ema_quant_uniform") / "quantised" / WEIGHTS)
    assert sum(isinstance(value, Encoded) for value in weights.values()) == 3
    for name, path in [("tower/gates/weights", "classifier/gates"), HIDDEN]:
        codes, space = checkpoint.read(f"{name}_quants"), checkpoint.read(f"{name}_space")
        np.testing.assert_array_equal(weights[path].arrays["codes"], codes)
        np.testing.assert_array_equal(weights[path].arrays["codebook"], space)


def test_halves_stay_halves(checkpoints, imported):
    checkpoint = Checkpoint(checkpoints / "netvlad_ema_float16" / "inference_model")
    weights, _ = load_weights(imported("netvlad_ema_float16") / "quantised" / WEIGHTS)
    name, path = HIDDEN
    halves = weights[path].arrays["float16"]
    assert halves.dtype == np.float16
    np.testing.assert_array_equal(halves, checkpoint.read(f"{name}float16"))


def test_an_imported_model_is_quantised_as_the_original_did(imported, tmp_path):
    folder = imported("netvlad_ema")
    settings = read_model_config(folder / CONFIG).quantise
    quantise_stage(folder / "trained" / WEIGHTS, settings, tmp_path)
    ours, _ = load_weights(tmp_path / WEIGHTS)
    theirs, _ = load_weights(imported("netvlad_ema_quant_uniform") / "quantised" / WEIGHTS)
    for path, value in theirs.items():
        parts = value.arrays if isinstance(value, Encoded) else {"": value}
        found = ours[path].arrays if isinstance(value, Encoded) else {"": ours[path]}
        for part, array in parts.items():
            np.testing.assert_array_equal(found[part], array, err_msg=f"{path}/{part}")


def test_a_training_checkpoint_gives_its_last_weights_or_their_averages(
    checkpoints, imported, inputs, tmp_path
):
    source = checkpoints / "lstmbidirect_ema"
    for weights in ("raw", "ema"):
        import_checkpoint(source, tmp_path / weights, Choices("model.ckpt-31", weights))
    averaged, _ = load_weights(tmp_path / "ema" / "ema" / WEIGHTS)
    exported, _ = load_weights(imported("lstmbidirect_ema") / "trained" / WEIGHTS)
    assert averaged.keys() == exported.keys()
    for path, values in exported.items():
        np.testing.assert_array_equal(averaged[path], values, err_msg=path)
    raw = load_graph(tmp_path / "raw" / "trained")
    full = predicted(raw, inputs["full_bytes"], inputs["full_num_frames"])
    stored = np.load(source / "predictions.npz")["full_predictions"]
    assert 0.05 < np.abs(full - stored).max() < 0.06


def test_a_training_checkpoint_wants_to_know_which_weights(checkpoints, tmp_path):
    source = checkpoints / "lstmbidirect_ema"
    with pytest.raises(ArtefactError, match="--weights raw or --weights ema"):
        import_checkpoint(source, tmp_path / "m", Choices("model.ckpt-31"))
    with pytest.raises(ArtefactError, match=r"no averaged weights .*--checkpoint"):
        import_checkpoint(source, tmp_path / "m", Choices(weights="ema"))
    assert not list(tmp_path.iterdir())


def test_the_members_of_an_ensemble_are_the_models_that_went_in(imported):
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
    invoke("import-tf1", tmp_path / "bare", "--member-weights", "0.5,0.3,0.2", *out(tmp_path / "m"))
    full = inputs["full_bytes"], inputs["full_num_frames"]
    found = predicted(load_graph(tmp_path / "m"), *full)
    np.testing.assert_allclose(found, predicted(graphs("ensemble"), *full), rtol=0, atol=1e-6)


def out(path):
    return "--out", path


def test_an_imported_model_goes_through_the_steps_behind_it(imported, graphs, test16, tmp_path):
    """Evaluated, put into an ensemble, and used as a teacher."""
    records = ("--records", test16, "--batch-size", 16)
    models = [imported(name) / STAGES[name] for name in ("lstmbidirect", "gateddbof")]
    classes = ("--classes-out", tmp_path / "classes.parquet")
    said = invoke("evaluate", models[0], *records, *classes, *out(tmp_path / "metrics.json"))
    assert "lstmbidirect: GAP" in said and "(16 videos)" in said
    metrics = json.loads((tmp_path / "metrics.json").read_text())
    assert 0 < metrics["gap"] <= 1
    members = [argument for path in models for argument in ("--member", 0.5, path)]
    invoke("ensemble", "both", *members, *out(tmp_path / "both"))
    distil = ("--shards", 0, "--state", tmp_path / "state", *out(tmp_path / "soft"))
    invoke("distil", tmp_path / "both", *records, *distil)
    assert list((tmp_path / "soft").glob("*.tfrecord"))
