"""A bar on a terminal, and nothing in a log."""

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


def test_a_log_stays_empty_and_rich_is_not_even_imported():
    program = PROGRAM + "import sys; assert not [m for m in sys.modules if m.startswith('rich')]"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "done\n", "")


def test_a_terminal_shows_title_count_and_note_and_standard_output_keeps_its_own():
    ours, theirs = pty.openpty()
    environment = {**os.environ, "COLUMNS": "120", "TERM": "xterm", "NO_COLOR": "1"}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], stdout=subprocess.PIPE, stderr=theirs, env=environment
    )
    os.close(theirs)
    shown = os.read(ours, 2**16).decode()
    os.close(ours)
    assert done.stdout == b"done\n"
    for words in ("score [b]one", "100/100", "loss 0.25"):
        assert words in shown
