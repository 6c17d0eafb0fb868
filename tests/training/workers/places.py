"""Workers on the loopback interface."""

import socket
from contextlib import ExitStack

from yt8m.training.workers.addresses import Address, Place


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on: of sockets that were open at the same time."""
    with ExitStack() as opened:
        sockets = [opened.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


def places(count: int) -> list[Place]:
    """The places of so many workers on this machine."""
    addresses = tuple(Address("127.0.0.1", port) for port in free_ports(count))
    return [Place(addresses, number) for number in range(count)]
