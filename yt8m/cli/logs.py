"""Logs that survive retries: the log of a retried job begins with the output of earlier attempts.

Snakemake removes a job's log before each attempt. So the log gets a hard link beside it, until the
job has succeeded.
"""

import os
import sys
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from yt8m.activity import own_log

MOST_BYTES = 1_000_000
"""Of the output of earlier attempts, only the end is repeated if it is longer."""


def keep_log() -> Path | None:
    """If standard error is a file, repeat the output of earlier attempts in it, and link the file.

    Returns the path of the link; None if there is none.
    """
    log = own_log()
    if log is None:
        return None
    with suppress(OSError):
        kept = log.with_name(f".{log.name}.kept")
        if kept.exists() and not kept.samefile(log):
            sys.stderr.write(_end_of(kept))
            sys.stderr.write(f"--- tried again, {datetime.now():%Y-%m-%d %H:%M:%S} ---\n")
            sys.stderr.flush()
        kept.unlink(missing_ok=True)
        os.link(log, kept)
        return kept
    return None


def _end_of(path: Path) -> str:
    """The last MOST_BYTES bytes of a file, from the start of a line."""
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(size - MOST_BYTES, 0))
        skipped = len(file.readline()) if size > MOST_BYTES else 0
        left = size - MOST_BYTES + skipped if skipped else 0
        text = file.read().decode(errors="replace")
    return f"--- {left} bytes of earlier output are left out ---\n{text}" if left else text
