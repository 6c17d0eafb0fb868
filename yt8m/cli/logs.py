"""The log of a job that is tried again begins with what it said before.

Snakemake removes a job's log before each try. So there is a second name for it, beside it, until
the job has succeeded.
"""

import os
import stat
import sys
from contextlib import suppress
from datetime import datetime
from pathlib import Path


def keep_log() -> Path | None:
    """Say again what earlier tries said, if standard error is a file, and keep that from now on.

    Returns the second name of the file; None where it has none.
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
