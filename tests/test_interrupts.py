import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

START = """
import signal, subprocess, sys, threading, time
from pathlib import Path
from yt8m import interrupts

interrupts.GRACE, interrupts.PLANNING_SECONDS, interrupts.ONE_KEY = {grace}, {planning}, 0.3
interrupts.insist_on_ending(lambda: {local}, Path("unlocked").touch)

def job():
    # Deaf to Ctrl-C, as one that starts a moment too late to get it.
    code = "import signal, sys, time; signal.signal(signal.SIGINT, signal.SIG_IGN); "
    return subprocess.Popen([sys.executable, "-c", code + sys.argv[1]])

def say(word):
    print(word, flush=True)
"""

SWALLOWS = """
job()
word = "ready"
while True:
    try:
        say(word)
        time.sleep(600)
    except KeyboardInterrupt:
        word = "swallowed"
"""

WAITS_FOR_A_JOB = """
running = job()
try:
    say("ready")
    running.wait()
except KeyboardInterrupt:
    say("asked")
    running.wait()
    say("the job has ended")
    raise SystemExit(1)
"""

LOCKS_ITSELF_OUT = """
lock = threading.Lock()

def exit_gracefully(*_):
    with lock:
        pass

signal.signal(signal.SIGTERM, exit_gracefully)
job()
with lock:
    say("ready")
    time.sleep(600)
"""

FINISHES_ITS_JOBS = """
asked = []
signal.signal(signal.SIGTERM, lambda *_: asked.append(True))
running = job()
say("ready")
running.wait()
say("the job has ended")
"""

LONG, SHORT = "time.sleep(600)", "time.sleep(4)"
SECONDS = 120
"""Within which a process must have ended; its job would take five times as long."""

SOON, AT_LAST, NEVER = (1, 2), (1, 600), (600, 600)
"""Seconds of grace: all is ended by force soon; at first only the jobs are; nothing is."""

CASES = {
    # what it does: (program, job, seconds of grace, signals) -> exit code, unlocked
    "a lost Ctrl-C": (SWALLOWS, LONG, SOON, [signal.SIGINT], 130, True),
    "a job that began too late": (WAITS_FOR_A_JOB, LONG, AT_LAST, [signal.SIGINT], 1, False),
    "a terminal that goes": (WAITS_FOR_A_JOB, LONG, AT_LAST, [signal.SIGHUP] * 2, 1, False),
    "a terminal that goes unheard": (SWALLOWS, LONG, SOON, [signal.SIGHUP] * 2, 130, True),
    "SIGTERM while it plans": (LOCKS_ITSELF_OUT, LONG, SOON, [signal.SIGTERM], 130, True),
    "SIGTERM while jobs run": (FINISHES_ITS_JOBS, SHORT, SOON, [signal.SIGTERM], 0, False),
}


def start(program: str, job: str, grace: tuple, folder: Path, local: bool = True):
    # SIGTERM is handled at once; only a handler that hangs is still found after seconds.
    planning = 3 if program == LOCKS_ITSELF_OUT else 0.5
    text = START.format(grace=grace, planning=planning, local=local) + program
    process = subprocess.Popen(
        [sys.executable, "-c", text, job],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout.readline() == "ready\n"
    return process


def press_until_it_ends(process: subprocess.Popen) -> None:
    """Ctrl-C again and again: those within `ONE_KEY` seconds count as one."""
    while process.poll() is None:
        process.send_signal(signal.SIGINT)
        if process.stdout.readline():  # "swallowed"
            time.sleep(0.6)
    process.communicate(timeout=SECONDS)


@pytest.mark.parametrize("case", CASES)
def test_a_run_and_its_jobs_end_on_request(case, tmp_path):
    program, job, grace, signals, code, unlocked = CASES[case]
    process = start(program, job, grace, tmp_path)
    first, *later = signals
    process.send_signal(first)
    for number in later:
        assert process.stdout.readline() in ("asked\n", "swallowed\n")
        process.send_signal(number)
    process.communicate(timeout=SECONDS)  # until the job has closed it too
    assert process.returncode == code
    assert (tmp_path / "unlocked").exists() == unlocked


def test_a_second_ctrl_c_ends_all_at_once(tmp_path):
    process = start(SWALLOWS, LONG, NEVER, tmp_path)
    press_until_it_ends(process)
    assert process.returncode == 130 and (tmp_path / "unlocked").exists()


def test_a_lock_that_cannot_be_removed_does_not_prevent_the_end(tmp_path):
    (tmp_path / "unlocked").symlink_to("no/such/folder")
    process = start(SWALLOWS, LONG, NEVER, tmp_path)
    press_until_it_ends(process)
    assert process.returncode == 130


def test_jobs_of_a_cluster_are_left_to_snakemake(tmp_path):
    process = start(SWALLOWS, SHORT, (0.2, 2), tmp_path, local=False)
    process.send_signal(signal.SIGINT)
    assert process.stdout.readline() == "swallowed\n"
    time.sleep(1.5)
    assert process.poll() is None
    process.kill()
    process.communicate()


def test_under_nohup_a_hangup_is_ignored(tmp_path):
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)  # which the process inherits
    try:
        process = start(WAITS_FOR_A_JOB, SHORT, (0.2, 2), tmp_path)
    finally:
        signal.signal(signal.SIGHUP, before)
    process.send_signal(signal.SIGHUP)
    process.communicate(timeout=SECONDS)
    assert process.returncode == 0
