"""Another process that ends this one if a worker is gone while TensorFlow connects to it.

TensorFlow then waits without an end, and holds Python's global lock, so that no thread of this
process can do anything about it.
"""

import json
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from yt8m.training.workers.messages import NotAWorkerError, receive

PROGRAM = "from yt8m.training.workers.watching import watch; watch()"

GRACE = 5.0
"""Seconds that the process has to end by itself, as it does unless it waits in TensorFlow."""


@contextmanager
def watched(connections: Mapping[str, socket.socket]) -> Iterator[None]:
    """While the block runs, end this process if another worker fails, or is gone.

    connections: by names of workers, for the message. Nothing is said over them in the block.
    """
    names = {connection.fileno(): name for name, connection in connections.items()}
    arguments = [str(os.getpid()), json.dumps(names)]
    watcher = subprocess.Popen(
        [sys.executable, "-S", "-c", PROGRAM, *arguments],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
        stdin=subprocess.PIPE,
        pass_fds=[*names],
    )
    try:
        yield
    finally:
        watcher.stdin.close()
        watcher.wait()


def watch() -> None:
    """What the other process does, until this one closes its standard input, or ends."""
    process, names = int(sys.argv[1]), json.loads(sys.argv[2])
    poll = select.poll()
    for file in (0, *map(int, names)):
        poll.register(file, select.POLLIN)
    ready = [file for file, _ in poll.poll()]
    if 0 in ready or select.select([0], [], [], GRACE)[0]:
        return
    text = _reason(ready[0], names[str(ready[0])])
    print(f"yt8m: error: {text}", file=sys.stderr, flush=True)
    os.kill(process, signal.SIGKILL)


def _reason(file: int, name: str) -> str:
    """What a worker has said last, if it failed, or that it is gone."""
    try:
        words, _ = receive(socket.socket(fileno=file))
        return words["text"]
    except (OSError, NotAWorkerError, KeyError):
        return f"{name} is gone, before training had begun; start all workers again"
