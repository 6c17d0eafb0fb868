"""The last message of a process that is about to be ended."""

import os
import select


def write_line(line: str) -> None:
    """Write to standard error, but give up if that would block because nobody reads it."""
    if select.select([], [2], [], 0)[1]:
        os.write(2, f"{line}\n".encode())
