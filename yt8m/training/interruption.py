"""Stopping between two steps on a signal (SIGTERM, SIGINT, SIGHUP)."""

import signal
from types import FrameType

from yt8m.errors import Yt8mError


class Interrupted(Yt8mError):
    """Training was asked to stop and saved its state; rerun the same command to resume."""


class StopRequest:
    """While active, these signals set `received` instead of ending the process at once.

    SIGHUP, which is sent when a terminal closes, stays ignored if it already is, as with nohup.
    """

    SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)

    def __init__(self) -> None:
        self.received = False

    def __enter__(self) -> "StopRequest":
        stays = {signal.SIGHUP} if signal.getsignal(signal.SIGHUP) == signal.SIG_IGN else set()
        self._before = {s: signal.signal(s, self._note) for s in self.SIGNALS if s not in stays}
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _note(self, number: int, frame: FrameType | None) -> None:
        self.received = True
