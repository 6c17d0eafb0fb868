"""Weights in checkpoints of the original scripts are imported bit for bit."""

import numpy as np
import pytest

from tests.reference.arrays import our_arrays
from tests.tf1.originals import STAGES, predicted
from yt8m.artefacts import CONFIG, WEIGHTS
from yt8m.compression.plan import dequantise_weights
from yt8m.compression.storage import Encoded
from yt8m.config.model import read_model_config
from yt8m.errors import ArtefactError
from yt8m.quantisation import quantise_stage
from yt8m.serving.graph import load_graph
from yt8m.tf1.checkpoint import Checkpoint
from yt8m.tf1.importing import Choices, import_checkpoint
from yt8m.weights import load_weights

HIDDEN = ("tower/hidden1_weights", "hidden/kernel")


@pytest.mark.parametrize("name", [n for n in STAGES if n != "ensemble"])
def test_every_value_matches_the_original(checkpoints, imported, name):
    """Bit for bit; updates of batch norm are counted from the original's number of steps."""
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


def test_codes_are_kept_as_codes(checkpoints, imported):
    checkpoint = Checkpoint(checkpoints / "netvlad_ema_quant_uniform" / "inference_model")
    weights, _ = load_weights(imported("netvlad_ema_quant_uniform") / "quantised" / WEIGHTS)
    assert sum(isinstance(value, Encoded) for value in weights.values()) == 3
    for name, path in [("tower/gates/weights", "classifier/gates"), HIDDEN]:
        codes, space = checkpoint.read(f"{name}_quants"), checkpoint.read(f"{name}_space")
        np.testing.assert_array_equal(weights[path].arrays["codes"], codes)
        np.testing.assert_array_equal(weights[path].arrays["codebook"], space)


def test_float16_values_are_kept_as_float16(checkpoints, imported):
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


def test_a_training_checkpoint_requires_the_choice_of_weights(checkpoints, tmp_path):
    source = checkpoints / "lstmbidirect_ema"
    with pytest.raises(ArtefactError, match="--weights raw or --weights ema"):
        import_checkpoint(source, tmp_path / "m", Choices("model.ckpt-31"))
    with pytest.raises(ArtefactError, match=r"no averaged weights .*--checkpoint"):
        import_checkpoint(source, tmp_path / "m", Choices(weights="ema"))
    assert not list(tmp_path.iterdir())
