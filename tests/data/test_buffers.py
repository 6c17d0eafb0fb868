"""Buffers are reused, but never while an array refers to them."""

import gc

import numpy as np

from yt8m.data import buffers as module
from yt8m.data.buffers import Buffers


def address(array: np.ndarray) -> int:
    return array.__array_interface__["data"][0]


def test_memory_is_reused_once_its_array_is_gone():
    buffers = Buffers()
    first = buffers.empty((2, 3))
    assert (first.dtype, first.shape, first.flags.c_contiguous) == (np.uint8, (2, 3), True)
    place = address(first)
    second = buffers.empty((4, 5))
    assert address(second) != place
    assert place % 64 == address(second) % 64 == 0
    del first
    assert address(buffers.empty((6,))) == place


def test_a_view_keeps_the_memory_from_being_reused():
    buffers = Buffers()
    array = buffers.empty((8, 6))
    array[:] = 7
    views = [array[1:], array[2].reshape(2, 3), array.T[::2], memoryview(array)[3:]]
    del array
    for _ in range(4):
        other = buffers.empty((8, 6))
        other[:] = 0
        views.pop()
        gc.collect()
        assert all((np.asarray(view) == 7).all() for view in views)
        del other


def test_too_small_a_buffer_is_not_used():
    buffers = Buffers()
    small = buffers.empty((4,))
    del small
    assert buffers.empty((1000,)).shape == (1000,)


def test_an_empty_array_can_be_allocated():
    assert Buffers().empty((0, 7, 9)).shape == (0, 7, 9)


def test_only_a_few_free_buffers_are_kept(monkeypatch):
    monkeypatch.setattr(module, "MOST_FREE", 2)
    buffers = Buffers()
    arrays = [buffers.empty((9,)) for _ in range(5)]
    del arrays
    assert len(buffers._free) == 2
