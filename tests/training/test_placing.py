"""Batches are put on the devices ahead of the step, and in even slices."""

import threading

import pytest

from tests.training.test_distributed import run
from yt8m.ahead import THREAD
from yt8m.training.placing import with_next_placed


def test_items_come_in_order_with_what_was_made_of_them():
    assert list(with_next_placed(range(5), lambda n: n * n)) == [(n, n * n) for n in range(5)]
    assert list(with_next_placed([], len)) == []
    assert list(with_next_placed(["a"], len)) == [("a", 1)]


def test_the_next_item_is_made_while_the_caller_works():
    made = {number: threading.Event() for number in range(4)}
    for number, _ in with_next_placed(range(4), lambda number: made[number].set()):
        assert made[min(number + 1, 3)].wait(60)
        assert not any(made[later].is_set() for later in range(number + 2, 4))


def fails(number):
    raise ValueError(f"cannot make {number}")


def ends_early():
    yield 0
    raise ValueError("cannot read 1")


def test_errors_of_items_and_of_what_is_made_of_them_are_raised():
    with pytest.raises(ValueError, match="cannot make 0"):
        list(with_next_placed(range(3), fails))
    with pytest.raises(ValueError, match="cannot read 1"):
        list(with_next_placed(ends_early(), str))


def test_a_caller_that_stops_early_ends_the_thread_and_the_items():
    closed = []

    def items():
        try:
            yield from range(100)
        finally:
            closed.append(True)

    stream = with_next_placed(items(), str)
    assert next(stream) == (0, "0")
    stream.close()
    assert closed and not [t for t in threading.enumerate() if t.name.startswith(THREAD)]


SLICES = """
import numpy as np
from yt8m.training.placing import placed
strategy = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
array = np.arange(12, dtype=np.uint8).reshape(4, 3)
slices = strategy.experimental_local_results(placed(array, strategy))
for number, found in enumerate(slices):
    assert found.device.endswith(f"CPU:{number}"), found.device
    np.testing.assert_array_equal(found, array[2 * number : 2 * number + 2])
assert len(slices) == 2
"""


def test_every_device_gets_its_slice_of_a_batch():
    run(SLICES)
