"""Lines on standard error: while a process works, and when it is about to be ended."""

import os
import select
import sys


def say(line: str) -> None:
    """Write a line at once, so that it is in a log in the order in which things happen."""
    print(line, file=sys.stderr, flush=True)


def write_line(line: str) -> None:
    """Write to standard error, but give up if that would block because nobody reads it."""
    if select.select([], [2], [], 0)[1]:
        os.write(2, f"{line}\n".encode())
