import numpy as np
import pytest

from tests.reference.arrays import original_arrays, our_arrays
from yt8m.data.schema import Schema
from yt8m.errors import ArtefactError
from yt8m.models import logistic, netvlad
from yt8m.tf1.known import originals
from yt8m.tf1.recurrent import lstm

SCHEMA = Schema({"rgb": 2, "audio": 1}, classes=2)


def arrays():
    return {
        "tower/fully_connected/weights": np.float32([[1, 2], [3, 4], [5, 6]]),
        "tower/fully_connected/biases": np.float32([7, 8]),
    }


def test_arrays_of_the_original_are_renamed_to_ours():
    found = our_arrays(logistic.Recipe(), SCHEMA, arrays())
    assert found.keys() == {"classifier/kernel", "classifier/bias"}
    np.testing.assert_array_equal(found["classifier/bias"], [7, 8])
    np.testing.assert_array_equal(found["classifier/kernel"], [[1, 2], [3, 4], [5, 6]])


def test_a_feature_that_the_original_does_not_have_is_refused():
    with pytest.raises(ArtefactError, match="'depth'"):
        originals(netvlad.Recipe(), Schema({"rgb": 2, "depth": 1}))


def test_lstm_gates_are_reordered_and_the_forget_bias_is_kept():
    kernel, bias = lstm("theirs", "ours")
    # One cell, one input: columns input, candidate, forget, output.
    ours = kernel.ours(np.float32([[1, 2, 3, 4], [5, 6, 7, 8]]))
    np.testing.assert_array_equal(ours["ours/lstm_cell/kernel"], [[1, 3, 2, 4]])
    np.testing.assert_array_equal(ours["ours/lstm_cell/recurrent_kernel"], [[5, 7, 6, 8]])
    found = bias.ours(np.float32([1, 2, 3, 4]))["ours/lstm_cell/bias"]
    np.testing.assert_array_equal(found, [1, 4, 2, 4])
    np.testing.assert_array_equal(bias.theirs(found), [1, 2, 3, 4])


def test_gradients_are_reordered_but_get_no_forget_bias():
    _, bias = lstm("theirs", "ours")
    np.testing.assert_array_equal(
        bias.theirs(np.float32([1, 3, 2, 4]), shifted=False), [1, 2, 3, 4]
    )


def test_variables_that_were_not_given_are_left_out():
    found = original_arrays(logistic.Recipe(), SCHEMA, {"classifier/bias": np.float32([1, 2])})
    assert list(found) == ["tower/fully_connected/biases"]
