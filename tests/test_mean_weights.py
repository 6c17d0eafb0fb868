"""The mean of several weights of one model."""

import numpy as np
import pytest
from click.testing import CliRunner

from yt8m.artefacts import WEIGHTS
from yt8m.cli import main
from yt8m.compression.plan import quantise_weights
from yt8m.compression.quantisers import uniform
from yt8m.compression.storage import Encoded, decode
from yt8m.errors import ArtefactError
from yt8m.mean_weights import average_files
from yt8m.weights import load_weights, save_weights

MODEL = {"name": "vlad", "recipe": {"kind": "netvlad", "clusters": 4}, "schema": {"classes": 6}}


def write(path, weights, **model):
    header = {"kind": "weights", "model": {**MODEL, **model}, "note": path.name}
    save_weights(path, weights, header)
    return path


def some(seed, updates=0.0):
    rng = np.random.default_rng(seed)
    return {
        "hidden/kernel": rng.normal(size=(20, 5)).astype("f4"),
        "norm/moving_mean": rng.normal(size=5).astype("f4"),
        "norm/updates": np.array(updates, "f4"),
    }


def test_an_example_by_hand(tmp_path):
    paths = [
        write(tmp_path / f"{n}.st", {"kernel": np.array([n, 10.0 * n], "f4")}) for n in (1, 2, 6)
    ]
    average_files(paths, tmp_path / "mean")
    found, header = load_weights(tmp_path / "mean" / WEIGHTS, kind="weights")
    assert found["kernel"].tolist() == [3, 30]
    assert header["model"] == MODEL


def test_the_mean_equals_that_over_all_files_and_counters_are_the_maximum(tmp_path):
    all_of_them = [some(seed, updates) for seed, updates in enumerate((100, 300, 200))]
    paths = [write(tmp_path / f"{n}.st", w) for n, w in enumerate(all_of_them)]
    average_files(paths, tmp_path / "mean")
    found, _ = load_weights(tmp_path / "mean" / WEIGHTS)
    for name in ("hidden/kernel", "norm/moving_mean"):
        expected = np.mean([w[name] for w in all_of_them], axis=0, dtype="f8").astype("f4")
        np.testing.assert_array_equal(found[name], expected)
        assert found[name].dtype == np.float32
    assert found["norm/updates"] == 300


def test_one_file_is_its_own_mean(tmp_path):
    average_files([write(tmp_path / "a.st", some(1))], tmp_path / "mean")
    found, _ = load_weights(tmp_path / "mean" / WEIGHTS)
    for name, value in some(1).items():
        np.testing.assert_array_equal(found[name], value)


def test_codes_are_decoded_first(tmp_path):
    codes = quantise_weights(some(1), uniform.Recipe(), min_elements=50)
    assert isinstance(codes["hidden/kernel"], Encoded)
    paths = [write(tmp_path / "a.st", codes), write(tmp_path / "b.st", some(2))]
    average_files(paths, tmp_path / "mean")
    found, _ = load_weights(tmp_path / "mean" / WEIGHTS)
    expected = (decode(codes["hidden/kernel"]) + some(2)["hidden/kernel"]) / 2
    np.testing.assert_allclose(found["hidden/kernel"], expected, atol=1e-7)


OTHERS = {
    "recipe.clusters is 8, but 4": {"recipe": {"kind": "netvlad", "clusters": 8}},
    "recipe.kind is 'netfv', but 'netvlad'": {"recipe": {"kind": "netfv", "clusters": 4}},
    "schema.classes is 7, but 6": {"schema": {"classes": 7}},
}


@pytest.mark.parametrize("message", OTHERS)
def test_another_model_is_refused_with_the_difference(tmp_path, message):
    paths = [
        write(tmp_path / "a.st", some(1)),
        write(tmp_path / "b.st", some(2), **OTHERS[message]),
    ]
    with pytest.raises(ArtefactError, match=f"b.st: {message} in .*a.st"):
        average_files(paths, tmp_path / "mean")
    assert not (tmp_path / "mean").exists()


@pytest.mark.parametrize("other", ["missing", "shape"])
def test_other_variables_are_refused_by_name(tmp_path, other):
    weights = some(2)
    del weights["hidden/kernel"]
    if other == "shape":
        weights["hidden/kernel"] = np.zeros((5, 20), "f4")
    paths = [write(tmp_path / "a.st", some(1)), write(tmp_path / "b.st", weights)]
    with pytest.raises(ArtefactError, match=r"b.st: its variables or .*: hidden/kernel"):
        average_files(paths, tmp_path / "mean")


def test_the_command_writes_a_stage(tmp_path):
    paths = [str(write(tmp_path / f"{n}.st", some(n))) for n in range(2)]
    result = CliRunner().invoke(main, ["average", *paths, "--out", str(tmp_path / "mean")])
    assert result.exit_code == 0, result.output
    assert (tmp_path / "mean" / WEIGHTS).is_file()
