"""A Ctrl-C ends a run within half a minute, and a second one ends it at once.

Snakemake itself may miss it (one that comes while it writes a line of its log is dropped), may go
on waiting for jobs that started just after it, and hangs when SIGTERM comes while it plans. So a
thread hears of these signals too, and does by force what has not happened by itself. A terminal
that goes (SIGHUP) counts as a Ctrl-C.
"""

import os
import select
import signal
import sys
import threading
import time
from collections.abc import Callable
from types import FrameType

from yt8m.last_words import say

GRACE = (5.0, 12.0)
"""Seconds for all to end by itself, and for jobs after they were asked to (once more)."""

ONE_KEY = 1.0
"""Seconds in which several signals are one: some programs hand on what the terminal sends too."""

PLANNING_SECONDS = 5.0
"""Snakemake's answer to SIGTERM takes no time, unless it waits for itself."""

HANDLER = "exit_gracefully"
"""Snakemake's function that answers it."""


def insist_on_ending(is_local: Callable[[], bool], unlock: Callable[[], None]) -> None:
    """See to it that this process, Snakemake's main one, ends when it is asked to.

    is_local: whether jobs are processes of this machine; those of a cluster are left to Snakemake.
    unlock: lets the next run into the folder; called before the process is ended by force.
    Does nothing outside the main thread, where no signals arrive.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    if signal.getsignal(signal.SIGHUP) == signal.SIG_DFL:  # not under nohup
        signal.signal(signal.SIGHUP, _hang_up)
    arguments = (reading, is_local, unlock)
    threading.Thread(target=_insist, args=arguments, name="interrupts", daemon=True).start()


def _hang_up(number: int, frame: FrameType | None) -> None:
    """As a Ctrl-C, once: the shell hands on what the terminal sends too."""
    signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


def _insist(signals: int, is_local: Callable[[], bool], unlock: Callable[[], None]) -> None:
    while not _asked_to_end(signals) or not is_local():
        pass
    time.sleep(ONE_KEY)
    while _heard(signals, 0):
        pass
    if _heard(signals, GRACE[0]) is None:
        _signal_jobs(signal.SIGTERM)
        _heard(signals, GRACE[1])
    _signal_jobs(signal.SIGKILL)
    try:
        unlock()
    finally:
        say("Ended by force; the same command goes on from here.")
        os._exit(128 + signal.SIGINT)


def _asked_to_end(signals: int) -> bool:
    """Wait for a signal; whether it asks for an end that may not come by itself."""
    number = _heard(signals, None)
    if number == signal.SIGTERM:
        time.sleep(PLANNING_SECONDS)
        return _main_thread_is_in(HANDLER)
    return number in (signal.SIGINT, signal.SIGHUP)


def _heard(signals: int, seconds: float | None) -> int | None:
    """The next signal; None when there is none for so long."""
    ready, _, _ = select.select([signals], [], [], seconds)
    return os.read(signals, 1)[0] if ready else None


def _main_thread_is_in(function: str) -> bool:
    frame = sys._current_frames().get(threading.main_thread().ident)
    while frame is not None and frame.f_code.co_name != function:
        frame = frame.f_back
    return frame is not None


def _signal_jobs(how: signal.Signals) -> None:
    """To all processes that this one has started, and theirs."""
    import psutil  # comes with Snakemake

    for process in psutil.Process().children(recursive=True):
        try:
            process.send_signal(how)
        except psutil.Error:  # it has just ended
            continue
