"""Files are requested from the disk ahead of their use, in bounded numbers."""

import os
import time
from pathlib import Path

import numpy as np
import pytest

from yt8m.own_data import reading_ahead as module
from yt8m.own_data.reading_ahead import WINDOW_ROWS, most_bytes, reading_ahead
from yt8m.own_data.rows import Row

pytestmark = pytest.mark.skipif(not hasattr(os, "RWF_NOWAIT"), reason="requests are of Linux")

SIZE = 1 << 16


@pytest.fixture
def rows(tmp_path):
    """Rows whose files the system has forgotten."""
    names = [f"v{number}" for number in range(3 * WINDOW_ROWS)]
    for name in names:
        path = tmp_path / f"{name}.bin"
        path.write_bytes(os.urandom(SIZE))
        forget(path)
    return [Row(name, {"rgb": str(tmp_path / f"{name}.bin")}, (), "") for name in names]


def forget(path):
    with path.open("rb+") as file:
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def is_in_memory(row):
    with Path(row.locations["rgb"]).open("rb") as file:
        try:
            return os.preadv(file.fileno(), [bytearray(SIZE)], 0, os.RWF_NOWAIT) == SIZE
        except BlockingIOError:
            return False


def test_the_next_files_come_into_memory_and_those_far_ahead_do_not(rows):
    if is_in_memory(rows[0]):
        pytest.skip("this file system keeps all files in memory")
    ahead = reading_ahead(rows, ["rgb"], SIZE)
    assert next(ahead) is rows[0]
    end = time.monotonic() + 30
    while not all(map(is_in_memory, rows[1:WINDOW_ROWS])) and time.monotonic() < end:
        time.sleep(0.01)
    assert all(map(is_in_memory, rows[1:WINDOW_ROWS]))
    assert not any(map(is_in_memory, rows[WINDOW_ROWS + 1 :]))


def test_no_more_bytes_are_requested_than_the_window(rows, monkeypatch):
    monkeypatch.setattr(module, "WINDOW_BYTES", 3 * SIZE)
    taken = []

    def counted():
        for row in rows:
            taken.append(row)
            yield row

    ahead = reading_ahead(counted(), ["rgb"], SIZE)
    next(ahead)
    assert len(taken) == (4 if not is_in_memory(rows[-1]) else WINDOW_ROWS + 1)


@pytest.mark.parametrize("count", [0, 1, WINDOW_ROWS, 3 * WINDOW_ROWS])
def test_all_rows_come_in_order_whatever_their_files(rows, tmp_path, count):
    os.mkfifo(tmp_path / "pipe")
    others = ["pipe", "missing", ".", "x\0y", "v0.bin"]
    strange = [Row(name, {"rgb": str(tmp_path / name)}, (), "") for name in others]
    mixed = strange + rows[:count] + strange
    assert list(reading_ahead(iter(mixed), ["rgb"], 10)) == mixed


def test_the_bytes_of_the_first_frames_are_bounded_from_above(tmp_path):
    path = tmp_path / "wide.npy"
    np.save(path, np.zeros((5, 7), np.float64))
    assert path.stat().st_size <= most_bytes(5, 7)
