"""Who makes the batches of records: threads of this process, and processes of their own."""

import os
import pickle
import time
from queue import Empty, SimpleQueue
from threading import Lock

import numpy as np

from yt8m.data.padding import FrameIndex
from yt8m.data.reader_process import ReaderFailedError, ReaderProcess
from yt8m.data.records import Records
from yt8m.data.schema import Batch
from yt8m.data.shared_memory import is_available
from yt8m.runtime.devices import chosen_devices
from yt8m.stderr import write_line

MOST_PROCESSES = 8
"""Each reads thousands of videos of 250 kB a second: together, they fill the memory's bus."""

PATIENCE = 1.0
"""Seconds in all that a caller may wait for batches before processes make them ..."""

SHARE = 0.1
"""... and the share of its time: both must be exceeded."""


def most_processes(frame_sampler: object) -> int:
    """How many processes can read: one for each core, if there are several; 0 for none.

    frame_sampler: is sent to them.
    """
    if not is_available() or not _is_picklable(frame_sampler):
        return 0
    cores = len(os.sched_getaffinity(0))
    most = min(chosen_devices().threads or cores, cores, MOST_PROCESSES)
    return most if most > 1 else 0


def _is_picklable(value: object) -> bool:
    try:
        pickle.dumps(value)
    except (pickle.PicklingError, AttributeError, TypeError):
        return False
    return True


class Waited:
    """The time that passes in its `with` blocks."""

    def __init__(self):
        self._begin = time.monotonic()
        self._seconds = 0.0

    def __enter__(self) -> None:
        self._entered = time.monotonic()

    def __exit__(self, *_) -> None:
        self._seconds += time.monotonic() - self._entered

    @property
    def too_long(self) -> bool:
        """Whether it is more than `PATIENCE`, and more than `SHARE` of all time."""
        return self._seconds > max(PATIENCE, SHARE * (time.monotonic() - self._begin))


class Readers:
    """Makes batches of records; thread-safe. Use it in a `with` block, which ends its processes."""

    def __init__(self, records: Records):
        self._records = records
        self._processes: list[ReaderProcess] = []
        self._idle: SimpleQueue[ReaderProcess] = SimpleQueue()
        self._warned, self._warning = False, Lock()

    def __enter__(self) -> "Readers":
        return self

    def __exit__(self, *_) -> None:
        for process in self._processes:
            process.close()

    @property
    def processes(self) -> int:
        """How many processes were started."""
        return len(self._processes)

    def add_process(self) -> None:
        """Start a process, which takes over the batches of one thread; warn once if that fails."""
        try:
            process = ReaderProcess(self._records)
        except OSError as error:
            with self._warning:
                if not self._warned:
                    write_line(
                        f"yt8m: warning: threads read the records, as no process can: {error}"
                    )
                self._warned = True
            return
        self._processes.append(process)
        self._idle.put(process)

    def batch(self, indices: np.ndarray, frame_index: FrameIndex | None = None) -> Batch:
        """The batch from a process, if one is idle; otherwise it is made in this thread."""
        try:
            process = self._idle.get_nowait()
        except Empty:
            return self._records.batch(indices, frame_index)
        try:
            batch = process.batch(indices, frame_index)
        except ReaderFailedError:  # not used again
            return self._records.batch(indices, frame_index)
        self._idle.put(process)
        return batch
