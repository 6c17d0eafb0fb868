"""Logs that survive retries: the log of a retried job begins with the output of earlier attempts.

Snakemake removes a job's log before each attempt. So the log gets a hard link beside it, until the
job has succeeded.
"""

import os
import stat
import sys
from contextlib import suppress
from datetime import datetime
from pathlib import Path


def keep_log() -> Path | None:
    """If standard error is a file, repeat the output of earlier attempts in it, and link the file.

    Returns the path of the link; None if there is none.
    """
    with suppress(OSError):
        if not stat.S_ISREG(os.fstat(2).st_mode):
            return None
        log = Path("/proc/self/fd/2").readlink()
        kept = log.with_name(f".{log.name}.kept")
        if kept.exists() and not kept.samefile(log):
            sys.stderr.write(kept.read_text(errors="replace"))
            sys.stderr.write(f"--- tried again, {datetime.now():%Y-%m-%d %H:%M:%S} ---\n")
            sys.stderr.flush()
        kept.unlink(missing_ok=True)
        os.link(log, kept)
        return kept
    return None
