"""Interrupts: Ctrl-C ends a run within half a minute, a second one ends it at once.

Snakemake itself may miss an interrupt (one that arrives while it writes a log line is dropped), may
keep waiting for jobs that started just after it, and hangs if SIGTERM arrives while it plans. So a
thread listens to these signals too, and enforces the end if it does not happen by itself. A closed
terminal (SIGHUP) counts as Ctrl-C.
"""

import os
import select
import signal
import sys
import threading
import time
from collections.abc import Callable
from types import FrameType

from yt8m.stderr import write_line

GRACE = (5.0, 12.0)
"""Seconds for everything to end by itself, and then for jobs to end after a (second) SIGTERM."""

ONE_KEY = 1.0
"""Seconds in which several signals count as one: some programs forward what the terminal sends."""

PLANNING_SECONDS = 5.0
"""Seconds after which Snakemake's SIGTERM handler, if still running, is deadlocked."""

HANDLER = "exit_gracefully"
"""Snakemake's SIGTERM handler."""


def insist_on_ending(is_local: Callable[[], bool], unlock: Callable[[], None]) -> None:
    """Make sure that this process, Snakemake's main one, ends when it is asked to.

    is_local: whether jobs are processes of this machine; cluster jobs are left to Snakemake.
    unlock: removes the lock of the working directory; called before a forced end.
    Does nothing outside the main thread, which does not receive signals.
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
    """Handle SIGHUP like Ctrl-C, only once: the shell forwards what the terminal sends."""
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
        write_line("Ended by force; rerun the same command to resume.")
        os._exit(128 + signal.SIGINT)


def _asked_to_end(signals: int) -> bool:
    """Wait for a signal; returns whether it requests an end that may not happen by itself."""
    number = _heard(signals, None)
    if number == signal.SIGTERM:
        time.sleep(PLANNING_SECONDS)
        return _main_thread_is_in(HANDLER)
    return number in (signal.SIGINT, signal.SIGHUP)


def _heard(signals: int, seconds: float | None) -> int | None:
    """The next signal, or None after a timeout. seconds: None waits forever."""
    ready, _, _ = select.select([signals], [], [], seconds)
    return os.read(signals, 1)[0] if ready else None


def _main_thread_is_in(function: str) -> bool:
    frame = sys._current_frames().get(threading.main_thread().ident)
    while frame is not None and frame.f_code.co_name != function:
        frame = frame.f_back
    return frame is not None


def _signal_jobs(how: signal.Signals) -> None:
    """Send a signal to all descendants of this process."""
    import psutil  # comes with Snakemake

    for process in psutil.Process().children(recursive=True):
        try:
            process.send_signal(how)
        except psutil.Error:  # it has just ended
            continue
