"""A process that makes batches of records, for another one that has no time for it.

What threads do between copies holds Python's global lock, so their rate does not grow with their
number. Batches are handed over in shared memory; requests and answers are small.
"""

import os
import signal
import subprocess
import sys
from multiprocessing.connection import Connection, Pipe
from pathlib import Path

import numpy as np

from yt8m.data.padding import FrameIndex
from yt8m.data.records import Records
from yt8m.data.schema import Batch
from yt8m.data.shared_memory import Reader, Writer, shared_file

LIBRARY = str(Path(__file__).parents[2])

ALONE = {"PYTHONSAFEPATH": "1", "OPENBLAS_NUM_THREADS": "1"}
"""Environment: no modules of the working directory, and none of the threads, one for each core,
that NumPy otherwise starts for products of matrices."""

IGNORED = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""Signals to a whole group: the process ends when the one that it reads for does."""


class ReaderFailedError(Exception):
    """The process has ended, or cannot make a batch, such as for lack of memory or open files, or
    because a record is damaged: whoever makes it again sees the same error, or none.
    """


class ReaderProcess:
    """Makes batches of `records` in a process of its own, until it is closed."""

    def __init__(self, records: Records):
        self._file = shared_file()
        self._memory = Reader(self._file)
        self._connection, its = Pipe()
        # No empty entry, which would be the working directory.
        path = os.pathsep.join(filter(None, [LIBRARY, os.environ.get("PYTHONPATH")]))
        try:
            with its:
                self._process = subprocess.Popen(
                    [sys.executable, "-m", __name__, str(its.fileno()), str(self._file)],
                    pass_fds=(its.fileno(), self._file),
                    env={**os.environ, **ALONE, "PYTHONPATH": path},
                    stdin=subprocess.DEVNULL,
                    process_group=0,  # not that which Ctrl-C interrupts
                )
        except OSError:  # such as no memory
            self._connection.close()
            os.close(self._file)
            raise
        try:
            self._connection.send(records)
        except OSError:
            self.close()
            raise

    def batch(self, indices: np.ndarray, frame_index: FrameIndex | None = None) -> Batch:
        """What `records.batch` returns.

        frame_index: must be picklable. Raises ReaderFailedError if there is no batch.
        """
        try:
            self._connection.send((indices, frame_index, self._memory.freed()))
            found = self._connection.recv()
            if found is None:
                raise ReaderFailedError
            ids, places = found
            arrays = {name: self._memory.array(place) for name, place in places.items()}
        except (EOFError, OSError) as error:
            raise ReaderFailedError from error
        return Batch(ids, **arrays)

    def close(self) -> None:
        """End the process. Batches that it made stay valid."""
        self._connection.close()
        self._process.wait()
        os.close(self._file)


def main(connection: Connection, file: int) -> None:
    """Answer requests until the other process closes the connection or ends."""
    for number in IGNORED:
        signal.signal(number, signal.SIG_IGN)
    memory = Writer(file)
    try:
        records = connection.recv().allocating(memory.empty)
        while True:
            indices, frame_index, freed = connection.recv()
            memory.free(freed)
            connection.send(_answer(records, indices, frame_index, memory))
    except (EOFError, ConnectionError, AttributeError, ImportError):
        pass  # the latter two: what was sent is from a module that is not here


def _answer(
    records: Records, indices: np.ndarray, frame_index: FrameIndex | None, memory: Writer
) -> tuple | None:
    """The ids of a batch and the places of its arrays by name; None if it cannot be made."""
    try:
        batch = records.batch(indices, frame_index)
    except Exception:
        memory.places({})
        return None
    arrays = {name: value for name, value in vars(batch).items() if isinstance(value, np.ndarray)}
    return batch.ids, memory.places(arrays)


if __name__ == "__main__":
    main(Connection(int(sys.argv[1])), int(sys.argv[2]))
