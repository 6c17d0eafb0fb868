"""Error reporting and logging around a command or a script of the workflow."""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from yt8m.activity import note_error, start_activity
from yt8m.cli.logs import keep_log
from yt8m.cli.output import say, written
from yt8m.errors import Yt8mError
from yt8m.parent import OrphanedError, belongs_to_a_run, watch_run
from yt8m.training.interruption import Interrupted
from yt8m.write_errors import NO_ROOM


@contextmanager
def in_one_line(debug: bool = False) -> Iterator[None]:
    """Print an expected error as one line, without a traceback, and exit with code 1.

    A job of the workflow also ends when its run ends, appends to the log of earlier attempts, and
    has a file beside its log until it has succeeded (`yt8m.activity`).
    debug: show the traceback.
    """
    activity = None
    try:
        watch_run()
        kept = keep_log() if belongs_to_a_run() else None
        activity = start_activity()
        yield
    except BrokenPipeError:  # what read the output has ended, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except (Yt8mError, OSError) as error:
        if activity and not isinstance(error, Interrupted | OrphanedError):
            note_error(activity, _words(error))
        if debug:
            raise
        say(f"yt8m: error: {_words(error)}", err=True)
        sys.exit(1)
    for file in filter(None, (kept, activity)):
        file.unlink(missing_ok=True)


@contextmanager
def logged(log: str, out: str) -> Iterator[None]:
    """Like `in_one_line`, with all output in the file `log`, which ends with the size of `out`."""
    file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)
    for stream in (1, 2):
        os.dup2(file, stream)
    os.close(file)
    with in_one_line():
        yield
        say(written(Path(out)))


def _words(error: Yt8mError | OSError) -> str:
    """The error's message; for an error of the system, the file's name first."""
    if not isinstance(error, OSError) or not error.strerror:
        return str(error)
    if error.filename is None and error.errno in NO_ROOM:  # outputs have names
        place = tempfile.gettempdir()
        return f"{error.strerror}: for temporary files (TMPDIR, {place}) or for the output"
    return f"{error.filename}: {error.strerror}" if error.filename else str(error)
