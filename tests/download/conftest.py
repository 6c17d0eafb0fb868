"""A server on this machine, with short pauses between attempts to reach it, and patience."""

import pytest

from tests.download.loopback import serving
from yt8m.download import server, web_server


@pytest.fixture(autouse=True)
def _beside(monkeypatch):
    monkeypatch.setattr(server, "BACKOFF", 0.01)
    monkeypatch.setattr(web_server, "TIMEOUT", (120.0, 120.0))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture
def loopback():
    with serving() as found:
        yield found
