"""Which names are variables of a model, and which only look like it."""

import numpy as np
import pytest

from tests.tf1.checkpoints import logistic, write_checkpoint
from yt8m.compression.storage import Encoded, decode
from yt8m.errors import ArtefactError
from yt8m.tf1.checkpoint import Checkpoint
from yt8m.tf1.variables import models_in

WEIGHTS, BIASES = "tower/fully_connected/weights", "tower/fully_connected/biases"
ONE = np.ones(3, "float32")


def models(folder, arrays, weights=None):
    write_checkpoint(folder, {"global_step": np.int32(4), **arrays})
    return models_in(Checkpoint(folder / "inference_model"), weights)


def test_names_that_end_like_a_slot_or_a_part_are_variables(tmp_path):
    traps = [
        "tower/cluster_bn/beta",
        "tower/gates/weights",
        "tower/rnn/gru_cell/gates/kernel",
        "tower/gating_weights_2",
        "tower/cluster_weights",
        "tower/cluster_weights2",
        "tower/Adam",
        "tower/free_space",
        "tower/plain_quants",
        "tower/asfloat16",
    ]
    (model,) = models(tmp_path, dict.fromkeys(traps, ONE))
    assert model.shapes.keys() == set(traps)
    assert not model.is_quantised


def test_slots_of_optimisers_are_not_variables(tmp_path):
    slots = [f"tower/cluster_bn/beta/{s}" for s in ("Adam", "Adam_1", "Momentum")]
    slots += ["beta1_power", "beta2_power", "beta1_power_1"]
    (model,) = models(tmp_path, dict.fromkeys(["tower/cluster_bn/beta", *slots], ONE))
    assert model.shapes.keys() == {"tower/cluster_bn/beta"}
    assert model.steps == 4


def with_averages(*names):
    return logistic() | {f"{name}/ExponentialMovingAverage": ONE for name in names}


def test_averages_are_read_on_request(tmp_path):
    arrays = with_averages(BIASES, WEIGHTS)
    (raw,) = models(tmp_path, arrays, "raw")
    (averaged,) = models(tmp_path, arrays, "ema")
    assert raw.shapes.keys() == averaged.shapes.keys() == {BIASES, WEIGHTS}
    np.testing.assert_array_equal(raw.read(BIASES), arrays[BIASES])
    np.testing.assert_array_equal(averaged.read(BIASES), ONE)


def test_every_variable_needs_an_average(tmp_path):
    with pytest.raises(ArtefactError, match=f"has no average of {WEIGHTS}"):
        models(tmp_path, with_averages(BIASES), "ema")


def test_the_number_of_steps_is_required(tmp_path):
    write_checkpoint(tmp_path, {BIASES: ONE})
    with pytest.raises(ArtefactError, match="has no variable global_step"):
        models_in(Checkpoint(tmp_path / "inference_model"))


def small(codes, space=(-1.0, 0.0, 1.0)):
    return {f"{BIASES}_quants": np.uint8(codes), f"{BIASES}_space": np.float32(space)}


def test_codes_and_their_codebook_are_one_variable(tmp_path):
    (model,) = models(tmp_path, small([[2, 0], [1, 1]]))
    assert model.is_quantised and model.shapes == {BIASES: (2, 2)}
    value = model.read(BIASES)
    assert isinstance(value, Encoded) and value.storage == "codebook"
    np.testing.assert_array_equal(decode(value), [[1, -1], [0, 0]])


def test_codes_without_a_codebook_are_unexpected_variables(tmp_path):
    arrays = small([2, 0])
    del arrays[f"{BIASES}_space"]
    (model,) = models(tmp_path, arrays)
    assert model.shapes.keys() == {f"{BIASES}_quants"}


def test_a_code_beyond_the_codebook_is_refused(tmp_path):
    (model,) = models(tmp_path, small([2, 3]))
    with pytest.raises(ArtefactError, match=r"has the code 3, but .*_space has 3 values"):
        model.read(BIASES)


def test_a_variable_that_is_not_finite_is_named(tmp_path):
    (model,) = models(tmp_path, {BIASES: np.float32([0, np.nan])})
    with pytest.raises(ArtefactError, match=rf"variable {BIASES}: element \[1\] is nan"):
        model.read(BIASES)


def test_a_variable_of_another_type_is_refused(tmp_path):
    (model,) = models(tmp_path, {BIASES: np.float64([0, 1])})
    with pytest.raises(ArtefactError, match=f"{BIASES} is float64; expected float32"):
        model.read(BIASES)


def members(*numbers):
    return {n: a for i in numbers for n, a in logistic(f"model_{i}/", seed=i).items()}


def test_members_are_in_the_order_of_their_numbers(tmp_path):
    arrays = members(*range(11))
    write_checkpoint(tmp_path, arrays)
    found = models_in(Checkpoint(tmp_path / "inference_model"))
    assert [m.scope for m in found] == [f"model_{i}/" for i in range(11)]
    np.testing.assert_array_equal(found[10].read(BIASES), arrays[f"model_10/{BIASES}"])


def test_a_gap_among_the_members_is_refused(tmp_path):
    write_checkpoint(tmp_path, members(0, 2))
    with pytest.raises(ArtefactError, match=r"of model_0, model_2; .* without gaps"):
        models_in(Checkpoint(tmp_path / "inference_model"))


def test_variables_outside_of_the_members_are_refused(tmp_path):
    with pytest.raises(ArtefactError, match=r"is an ensemble .* but holds global_step too"):
        models(tmp_path, members(0, 1))
