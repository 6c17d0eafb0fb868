"""Progress bars: shown on terminals only."""

import os
import pty
import subprocess
import sys

PROGRAM = """
from yt8m.progress import Progress
with Progress("score [b]one", "video", 100, 20) as bar:
    for _ in range(8):
        bar.advance(10, "loss 0.25")
print("done")
"""


WORDS = ("score [b]one", "100/100", "loss 0.25")


def on_a_terminal(command: list[str]) -> tuple[bytes, str]:
    """Standard output of a command, and what it shows on the terminal that is its stderr."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "COLUMNS": "120", "TERM": "xterm", "NO_COLOR": "1"}
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=theirs, env=environment)
    os.close(theirs)
    shown = os.read(ours, 2**16).decode()
    os.close(ours)
    assert done.returncode == 0, shown
    return done.stdout, shown


def with_closed(stream: int, program: str) -> list[str]:
    """A command that runs a Python program whose stdout (1) or stderr (2) is closed."""
    return ["sh", "-c", f'exec "$0" -c "$1" {stream}>&-', sys.executable, program]


def test_no_bar_and_no_import_of_rich_if_stderr_is_not_a_terminal():
    program = PROGRAM + "import sys; assert not [m for m in sys.modules if m.startswith('rich')]"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "done\n", "")


def test_a_terminal_shows_title_count_and_note_and_stdout_gets_none_of_it():
    stdout, shown = on_a_terminal([sys.executable, "-c", PROGRAM])
    assert stdout == b"done\n"
    assert all(words in shown for words in WORDS)


def test_no_bar_if_stderr_is_closed():
    done = subprocess.run(with_closed(2, PROGRAM), capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "done\n")


def test_a_terminal_shows_the_bar_if_stdout_is_closed():
    _, shown = on_a_terminal(with_closed(1, PROGRAM))
    assert all(words in shown for words in WORDS)
