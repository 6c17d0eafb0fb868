"""A polite request to stop (SIGTERM, SIGINT) is heard between two steps."""

import signal
from types import FrameType

from yt8m.errors import Yt8mError


class Interrupted(Yt8mError):
    """Training was asked to stop and saved its state; the same command goes on from there."""


class StopRequest:
    """While active, SIGTERM and SIGINT set `received` instead of ending the process at once."""

    SIGNALS = (signal.SIGTERM, signal.SIGINT)

    def __init__(self) -> None:
        self.received = False

    def __enter__(self) -> "StopRequest":
        self._before = {s: signal.signal(s, self._note) for s in self.SIGNALS}
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _note(self, number: int, frame: FrameType | None) -> None:
        self.received = True
