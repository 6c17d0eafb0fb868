"""Ports for servers of tests."""

import socket

_reserved: list[socket.socket] = []
"""Sockets that keep their ports as long as this process lives."""


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on, and that the system gives to nobody else.

    Servers may listen on them that reuse addresses (SO_REUSEADDR), as these sockets do.
    """
    return [_reserved_port() for _ in range(count)]


def _reserved_port() -> int:
    reserved = socket.socket()
    reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    reserved.bind(("127.0.0.1", 0))
    _reserved.append(reserved)
    return reserved.getsockname()[1]
