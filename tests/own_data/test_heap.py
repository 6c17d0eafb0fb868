"""Freed memory is used again."""

import ctypes
import subprocess
import sys

import pytest

COUNT = """
import resource
import numpy as np
from yt8m.own_data.heap import keep_freed_memory

def work():
    for _ in range(200):
        arrays = [np.ones(240_000, np.uint8) for _ in range(4)]
        del arrays

{call}
work()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
work()
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


def page_faults(call: str) -> int:
    """Of 200 times four arrays, 236 pages in all, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", COUNT.format(call=call)],
        capture_output=True,
        text=True,
        check=True,
        env={},
    )
    return int(done.stdout)


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "gnu_get_libc_version"), reason="of glibc")
def test_arrays_take_the_memory_of_those_before_them():
    assert page_faults("keep_freed_memory()") < 200
    assert page_faults("") > 200 * 100
