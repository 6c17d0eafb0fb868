"""Graphs run by TensorFlow's C library."""

import gc
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

from yt8m.errors import TensorFlowError
from yt8m.runtime.session import Session


class Sums(tf.Module):
    """Adds a variable to some numbers."""

    def __init__(self):
        super().__init__()
        self.offset = tf.Variable([1.0, 2.0])

    @tf.function(input_signature=[tf.TensorSpec([None, 2], tf.uint8, "numbers")])
    def add(self, numbers):
        return {"sums": tf.cast(numbers, tf.float32) + self.offset, "count": tf.size(numbers)}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("saved") / "sums"
    module = Sums()
    tf.saved_model.save(module, str(path), {"serving_default": module.add})
    return path


FED = "serving_default_numbers:0"


@pytest.fixture
def session(folder):
    return Session(folder)


def test_names_of_tensors_are_fed_and_fetched(session):
    names = ["StatefulPartitionedCall:1", "StatefulPartitionedCall:0"]
    sums, count = session.run({FED: np.uint8([[1, 2], [3, 4]])}, names)
    np.testing.assert_array_equal(sums, np.float32([[2, 4], [4, 6]]))
    assert count == 4 and count.dtype == np.int32


def test_an_array_of_no_videos_or_not_contiguous_is_fed_as_it_is(session):
    (sums,) = session.run({FED: np.zeros((0, 2), np.uint8)}, ["StatefulPartitionedCall:1"])
    assert sums.shape == (0, 2)
    every_other = np.arange(8, dtype=np.uint8).reshape(4, 2)[::2]
    (sums,) = session.run({FED: every_other}, ["StatefulPartitionedCall:1"])
    np.testing.assert_array_equal(sums, np.float32([[1, 3], [5, 7]]))


@pytest.mark.parametrize(
    ("feeds", "fetches", "message"),
    [
        ({"nothing": np.uint8([[1, 2]])}, [FED], "has no operation 'nothing'"),
        ({FED: np.uint8([[1, 2]])}, ["nothing:0"], "has no operation 'nothing'"),
        ({FED: np.uint8([[1, 2, 3]])}, ["StatefulPartitionedCall:1"], "[Ii]ncompatible shapes"),
        ({}, ["StatefulPartitionedCall:1"], "must feed a value"),
    ],
)
def test_an_error_of_tensorflow_is_one_line(session, feeds, fetches, message):
    with pytest.raises(TensorFlowError, match=message) as error:
        session.run(feeds, fetches)
    assert "\n" not in str(error.value)


def test_a_folder_without_a_graph_is_refused(tmp_path):
    with pytest.raises(TensorFlowError, match="Could not find SavedModel"):
        Session(tmp_path)


def test_a_session_that_is_not_used_any_more_gives_its_memory_back(tmp_path):
    module = tf.Module()
    module.large = tf.Variable(tf.ones([10_000_000]))
    signature = [tf.TensorSpec([], tf.int32, "place")]
    module.at = tf.function(lambda place: module.large[place], input_signature=signature)
    tf.saved_model.save(module, str(tmp_path), {"serving_default": module.at})
    used = []
    for _ in range(4):
        session = Session(tmp_path)
        (value,) = session.run(
            {"serving_default_place:0": np.int32(3)}, ["StatefulPartitionedCall:0"]
        )
        assert value == 1
        del session
        gc.collect()
        used.append(resident_bytes())
    assert used[-1] - used[0] < 4e7  # three more would be 1.2e8


def resident_bytes():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096
