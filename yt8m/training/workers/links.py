"""The connections between workers while they train: what was said, and whether one is lost.

All are connected to the chief, which passes on what all must know. A worker that fails says why;
one that is killed, or whose machine is cut off, is noticed because its connection ends.
"""

import os
import queue
import socket
import threading
from contextlib import AbstractContextManager, suppress
from types import TracebackType
from typing import Any

from yt8m.errors import TrainingError
from yt8m.stderr import write_line
from yt8m.training.workers.addresses import CHIEF, Place
from yt8m.training.workers.meeting import Connections
from yt8m.training.workers.messages import Message, NotAWorkerError, receive, send
from yt8m.training.workers.watching import GRACE, watched

NEWS = 3.0
"""Seconds after an error of TensorFlow in which it becomes known whether a worker was lost."""

GOODBYE = 1.0
"""Seconds to wait for the other end of a connection to close it, too."""


class Links:
    """Sends and receives messages; use it as a context.

    A process that does not leave the context within seconds after a worker is lost is ended: it
    waits in TensorFlow. One that leaves it in time goes on, with an error that it can catch.
    stop_wanted: whether another worker was asked to stop. lost: why training cannot go on; None as
    long as all workers are there.
    """

    def __init__(self, place: Place, connections: Connections):
        self.place, self.stop_wanted, self.lost = place, False, None
        self._connections = dict(connections)
        self._heard = {number: queue.SimpleQueue() for number in connections}
        self._sending = {number: threading.Lock() for number in connections}
        self._losing, self._loss = threading.Lock(), threading.Event()
        self._ending, self._left = False, threading.Event()

    def __enter__(self) -> "Links":
        self._threads = [
            threading.Thread(target=self._listen, args=(n,), name=f"worker {n}", daemon=True)
            for n in self._connections
        ]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._left.set()
        for connection in self._connections.values():
            with suppress(OSError):
                connection.shutdown(socket.SHUT_WR)
        for thread in self._threads:  # what the others still send is read, or they might miss ours
            thread.join(GOODBYE)
        for connection in self._connections.values():
            connection.close()

    def watched(self) -> AbstractContextManager[None]:
        """While the block runs, a lost worker ends this process even if no thread can run."""
        named = {self.place.name_of(n): c for n, c in self._connections.items()}
        return watched(named)

    def tell(self, kind: str, content: bytes = b"", **words: Any) -> None:
        """Send a message to all workers that this one is connected to.

        One that cannot be reached is noticed by the thread that listens to it.
        """
        for number, connection in self._connections.items():
            with self._sending[number]:
                try:
                    send(connection, kind, content, **words)
                except OSError:
                    continue

    def next_of(self, number: int, kind: str) -> Message:
        """Wait for the next message of a worker, which is of that kind.

        Raises TrainingError if a worker is lost.
        """
        self.check()
        message = self._heard[number].get()
        if message is None:
            self.check()
        if message[0]["kind"] != kind:
            raise TrainingError(
                f"{self.place.name_of(number)} says {message[0]['kind']!r}, but {kind!r} is due; "
                "this is a defect of yt8m"
            )
        return message

    def check(self) -> None:
        """Raises TrainingError if a worker is lost."""
        if self.lost is not None:
            raise TrainingError(self.lost)

    def expect_ends(self) -> None:
        """From now on, the end of another worker is no loss."""
        self._ending = True

    def find_loss(self, seconds: float) -> str | None:
        """Why a worker was lost, if that becomes known within so many seconds."""
        self._loss.wait(seconds)
        return self.lost

    def _listen(self, number: int) -> None:
        try:
            while True:
                words, content = receive(self._connections[number])
                if words["kind"] == "failed":
                    self._lose(words["text"])
                elif words["kind"] == "stop":
                    self.stop_wanted = True
                else:
                    self._ending |= words["kind"] == "done"
                    self._heard[number].put((words, content))
        except (OSError, NotAWorkerError):
            if not (self._ending or self._left.is_set()):
                self._lose(
                    f"{self.place.name_of(number)} is gone: its process was killed, or its machine "
                    "cannot be reached; start all workers again, and they resume"
                )

    def _lose(self, text: str) -> None:
        """Remember why training cannot go on, pass it on, and see that the context is left."""
        with self._losing:
            if self.lost is not None:
                return
            if self.place.number == CHIEF:
                self.tell("failed", text=text)  # before this process knows, and ends
            self.lost = text
        for heard in self._heard.values():
            heard.put(None)
        self._loss.set()
        threading.Thread(target=self._insist, args=(text,), name="insist", daemon=True).start()

    def _insist(self, text: str) -> None:
        """End this process unless it leaves the context: it then waits in TensorFlow for ever."""
        if not self._left.wait(GRACE):
            _end(text)


def _end(text: str) -> None:
    write_line(f"yt8m: error: {text}")
    os._exit(1)
