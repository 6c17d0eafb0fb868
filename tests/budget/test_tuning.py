"""Fine-tuning of codebooks while their codes are fixed."""

import numpy as np
import tensorflow as tf

from tests.serving.stages import write_stage
from tests.small import write_dataset
from yt8m.artefacts import CONFIG, WEIGHTS
from yt8m.compression.plan import quantise_weights
from yt8m.compression.quantisers import float16, uniform
from yt8m.compression.storage import Encoded, decode
from yt8m.config.compression import Recovery
from yt8m.config.model import as_model_config, read_model_config
from yt8m.training.parameters import Codebook, places
from yt8m.training.run import fine_tune
from yt8m.weights import load_weights, save_weights


def test_the_gradient_of_an_entry_is_the_sum_over_its_elements():
    encoded = uniform.Recipe(2).encode(np.float32([[0, 1, 2], [3, 3, 0]]))
    variable = tf.keras.Variable(decode(encoded), name="kernel")
    codebook = Codebook(variable, encoded)
    np.testing.assert_array_equal(places(encoded), [0, 1, 2, 3, 3, 0])
    found = codebook.gradient(tf.constant([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]))
    np.testing.assert_array_equal(found, [7.0, 2.0, 3.0, 9.0])


def test_groups_have_entries_of_their_own():
    values = np.float32([[0, 10], [1, 13], [2, 11], [3, 12]])
    encoded = uniform.Recipe(2, "columns").encode(values)
    np.testing.assert_array_equal(places(encoded).reshape(4, 2), [[0, 4], [1, 7], [2, 5], [3, 6]])


def test_fine_tuning_changes_codebooks_but_not_codes_and_lowers_the_loss(tmp_path):
    records = write_dataset(tmp_path / "data")["train"]
    stage = write_stage(tmp_path, "vlad", 1, clusters=8, hidden=32)
    config = read_model_config(stage.parent / CONFIG)
    before, header = load_weights(stage / WEIGHTS)
    config = as_model_config({**config.entry(), "recipe": header["model"]["recipe"]}, stage)
    own = {"classifier/gates": float16.Recipe()}
    stored = quantise_weights(before, uniform.Recipe(3), 500, own)
    save_weights(tmp_path / "codes.safetensors", stored, header)
    recovery = Recovery(epochs=6, learning_rate=0.01)
    fine_tune(
        config,
        tmp_path / "codes.safetensors",
        recovery,
        records,
        tmp_path / "out",
        tmp_path / "state",
    )
    after, _ = load_weights(tmp_path / "out" / WEIGHTS)
    moved = 0
    for path, value in stored.items():
        if isinstance(value, Encoded):
            assert after[path].storage == value.storage
            for part, array in value.arrays.items():
                same = np.array_equal(after[path].arrays[part], array)
                assert same or part == "codebook", path
                moved += not same
            assert after[path].size_bytes == value.size_bytes
    assert moved >= 2
    np.testing.assert_array_equal(
        after["classifier/gates"].arrays["float16"], stored["classifier/gates"].arrays["float16"]
    )
    history = (tmp_path / "out/history.csv").read_text().splitlines()
    losses = [float(row.split(",")[history[0].split(",").index("loss")]) for row in history[1:]]
    assert losses[-1] < 0.8 * losses[0]
    assert not (tmp_path / "state").exists()
