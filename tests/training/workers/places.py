"""Workers on the loopback interface."""

import socket

from yt8m.training.workers.addresses import Address, Place

_reserved: list[socket.socket] = []
"""Sockets that keep their ports as long as this process lives."""


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on, and that the system gives to nobody else.

    A worker may listen on them, since it reuses addresses (SO_REUSEADDR), as these sockets do.
    """
    return [_reserved_port() for _ in range(count)]


def _reserved_port() -> int:
    reserved = socket.socket()
    reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    reserved.bind(("127.0.0.1", 0))
    _reserved.append(reserved)
    return reserved.getsockname()[1]


def places(count: int) -> list[Place]:
    """The places of so many workers on this machine."""
    addresses = tuple(Address("127.0.0.1", port) for port in free_ports(count))
    return [Place(addresses, number) for number in range(count)]
