"""Messages between workers: a few words as JSON, and an array's bytes if there are any.

Both ends are this program. What is read is taken for values only: nothing in a message is run.
"""

import json
import socket
import struct
from typing import Any

MAGIC = b"yt8m"
"""Begins every message; anything else is not a worker."""

SIZES = "!IQ"
"""After it: the length of the JSON and the number of bytes, in the order of networks."""

MOST_WORDS, MOST_BYTES = 1 << 20, 1 << 32
"""Limits on the JSON of a message, and on the bytes after it."""

Message = tuple[dict[str, Any], bytes]
"""Words and bytes; `kind` among the words says what it is about."""


class NotAWorkerError(Exception):
    """What is at the other end does not speak as a worker does, or has hung up."""


def send(connection: socket.socket, kind: str, content: bytes = b"", **words: Any) -> None:
    """Send a message. Raises OSError if the connection is lost."""
    text = json.dumps({"kind": kind, **words}).encode()
    connection.sendall(MAGIC + struct.pack(SIZES, len(text), len(content)) + text)
    if content:
        connection.sendall(content)


def receive(connection: socket.socket, most_bytes: int = MOST_BYTES) -> Message:
    """Wait for the next message, with at most so many bytes after its words.

    Raises NotAWorkerError if there is none any more or it is not one; OSError if the connection is
    lost, TimeoutError included.
    """
    if _exactly(connection, len(MAGIC)) != MAGIC:
        raise NotAWorkerError("does not speak as a worker does")
    words, size = struct.unpack(SIZES, _exactly(connection, struct.calcsize(SIZES)))
    if words > MOST_WORDS or size > most_bytes:
        raise NotAWorkerError("sends more than a worker does")
    try:
        found = json.loads(bytes(_exactly(connection, words)))
    except ValueError:
        raise NotAWorkerError("does not speak as a worker does") from None
    if not isinstance(found, dict) or "kind" not in found:
        raise NotAWorkerError("does not speak as a worker does")
    return found, bytes(_exactly(connection, size))


def _exactly(connection: socket.socket, size: int) -> bytearray:
    found = bytearray(size)
    view, have = memoryview(found), 0
    while have < size:
        count = connection.recv_into(view[have:])
        if not count:
            raise NotAWorkerError("has hung up")
        have += count
    return found


def prepare(connection: socket.socket) -> None:
    """Send small messages at once, and notice within seconds when a machine no longer answers."""
    options = [
        (socket.IPPROTO_TCP, socket.TCP_NODELAY, 1),
        (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),
    ]
    keepalive = (("TCP_KEEPIDLE", 5), ("TCP_KEEPINTVL", 2), ("TCP_KEEPCNT", 3))
    # Linux probes only connections on which nothing waits for an answer, and else tries for long.
    for name, value in (*keepalive, ("TCP_USER_TIMEOUT", 11_000)):
        if hasattr(socket, name):
            options.append((socket.IPPROTO_TCP, getattr(socket, name), value))
    for option in options:
        connection.setsockopt(*option)
    connection.settimeout(None)
