"""Connections between workers."""

import socket
import sys

import pytest

from yt8m.training.workers.messages import prepare


@pytest.mark.skipif(sys.platform != "linux", reason="options of Linux")
def test_a_lost_machine_is_noticed_as_fast_with_data_on_the_way_as_without():
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        socket.create_connection(listener.getsockname()) as connection,
    ):
        prepare(connection)

        def value(name: str) -> int:
            return connection.getsockopt(socket.IPPROTO_TCP, getattr(socket, name))

        probes = value("TCP_KEEPINTVL") * value("TCP_KEEPCNT")
        assert value("TCP_USER_TIMEOUT") == 1000 * (value("TCP_KEEPIDLE") + probes)
