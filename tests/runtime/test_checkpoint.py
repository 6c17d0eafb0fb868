"""Arrays of checkpoints, compared with TensorFlow's reader."""

import numpy as np
import pytest
import tensorflow as tf

from yt8m.errors import TensorFlowError
from yt8m.runtime.checkpoint import INDEX, floats_in

ARRAYS = {
    "a": np.float32([[1, 2], [3, np.nan]]),
    "codes": np.uint8([1, 2, 3]),
    "half": np.float16([0.5, -2]),
    "none": np.zeros((0, 3), np.float32),
    "one": np.float32(7),
    "text": b"words",
}


def written(folder, arrays):
    tf.raw_ops.SaveV2(
        prefix=str(folder / "variables"),
        tensor_names=list(arrays),
        shape_and_slices=[""] * len(arrays),
        tensors=list(map(tf.constant, arrays.values())),
    )
    return folder


def test_floats_are_found_by_name_and_nothing_else(tmp_path):
    found = dict(floats_in(written(tmp_path, ARRAYS)))
    assert found.keys() == {"a", "half", "none", "one"}
    for name, values in found.items():
        assert values.dtype == ARRAYS[name].dtype
        np.testing.assert_array_equal(values, ARRAYS[name].ravel())


def test_an_index_of_many_blocks_is_read_whole(tmp_path):
    arrays = {f"{'layer/' * 40}{i:05}/kernel": np.float32([i]) for i in range(3000)}
    folder = written(tmp_path, arrays)
    assert (folder / INDEX).stat().st_size > 100_000
    assert {name: values[0] for name, values in floats_in(folder)} == {
        name: values[0] for name, values in arrays.items()
    }


@pytest.mark.parametrize("size", [0, 20, -1])
def test_a_truncated_index_is_refused(tmp_path, size):
    index = written(tmp_path, ARRAYS) / INDEX
    index.write_bytes(index.read_bytes()[:size])
    with pytest.raises(TensorFlowError, match="is damaged"):
        list(floats_in(tmp_path))
