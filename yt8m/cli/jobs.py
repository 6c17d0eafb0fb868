"""What surrounds the work of a command, or of a script of the workflow."""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from yt8m.cli.logs import keep_log
from yt8m.cli.output import say, written
from yt8m.errors import Yt8mError
from yt8m.parent import belongs_to_a_run, watch_run
from yt8m.write_errors import NO_ROOM


@contextmanager
def in_one_line(debug: bool = False) -> Iterator[None]:
    """Show an expected error as its message, without a traceback, and end with exit code 1.

    In a job of the workflow it ends with the run, and goes on with the log of earlier tries.
    debug: show the traceback.
    """
    try:
        watch_run()
        kept = keep_log() if belongs_to_a_run() else None
        yield
    except (Yt8mError, OSError) as error:
        if debug:
            raise
        say(f"yt8m: error: {_words(error)}", err=True)
        sys.exit(1)
    if kept:
        kept.unlink(missing_ok=True)


@contextmanager
def logged(log: str, out: str) -> Iterator[None]:
    """The same with all that is printed in the file `log`, at last what became of `out`."""
    file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)
    for stream in (1, 2):
        os.dup2(file, stream)
    os.close(file)
    with in_one_line():
        yield
        say(written(Path(out)))


def _words(error: Yt8mError | OSError) -> str:
    """What the system says comes behind the file that it is about."""
    if not isinstance(error, OSError) or not error.strerror:
        return str(error)
    if error.filename is None and error.errno in NO_ROOM:  # outputs have names
        place = tempfile.gettempdir()
        return f"{error.strerror}: for temporary files (TMPDIR, {place}), or for what is printed"
    return f"{error.filename}: {error.strerror}" if error.filename else str(error)
