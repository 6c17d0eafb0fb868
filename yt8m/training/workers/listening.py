"""The port of a worker, on which it listens until TensorFlow wants it."""

import errno
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager

from yt8m.errors import TrainingError
from yt8m.training.workers.addresses import Place

PATIENCE = 10.0
"""Seconds to wait for a port, which a process that is about to end may still have."""

PAUSE = 0.2
"""Seconds between two attempts to get it."""


@contextmanager
def listening(place: Place) -> Iterator[socket.socket]:
    """A socket that listens on this worker's port, on all addresses of the machine.

    Raises TrainingError if it cannot.
    """
    end = time.monotonic() + PATIENCE
    both = socket.has_dualstack_ipv6()
    family = socket.AF_INET6 if both else socket.AF_INET
    while True:
        try:
            listener = socket.create_server(
                ("", place.own.port), family=family, dualstack_ipv6=both, backlog=128
            )
            break
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise TrainingError(
                    f"{place.name_of(place.number)}: cannot listen on port {place.own.port}: "
                    f"{error.strerror}; give it another one in --workers"
                ) from None
            if time.monotonic() > end:
                raise TrainingError(
                    f"{place.name_of(place.number)}: port {place.own.port} of this machine is "
                    "taken by another process; end that one, or give this worker another port in "
                    "the --workers of all"
                ) from None
            time.sleep(PAUSE)
    with listener:
        yield listener
