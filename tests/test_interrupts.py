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

interrupts.GRACE, interrupts.PLANNING_SECONDS, interrupts.ONE_KEY = ({grace}, 2), 0.5, 0.3
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
say("ready")
while True:
    try:
        time.sleep(60)
    except KeyboardInterrupt:
        say("swallowed")
"""

WAITS_FOR_A_JOB = """
running = job()
say("ready")
try:
    running.wait()
except KeyboardInterrupt:
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
    time.sleep(60)
"""

FINISHES_ITS_JOBS = """
asked = []
signal.signal(signal.SIGTERM, lambda *_: asked.append(True))
running = job()
say("ready")
running.wait()
say("the job has ended")
"""

LONG, SHORT = "time.sleep(60)", "time.sleep(4)"
SECONDS = 30
"""Within which a process must have ended; its job would take twice as long."""

ONCE, TWICE = (signal.SIGINT,), (signal.SIGINT, signal.SIGINT)
TERM, GONE = (signal.SIGTERM,), (signal.SIGHUP, signal.SIGHUP)

CASES = {
    # what it does: (program, job, seconds of grace, signals) -> exit code, unlocked
    "a lost Ctrl-C": (SWALLOWS, LONG, 1, ONCE, 130, True),
    "a job that began too late": (WAITS_FOR_A_JOB, LONG, 1, ONCE, 1, False),
    "a second Ctrl-C": (SWALLOWS, LONG, 60, TWICE, 130, True),
    "a terminal that goes": (WAITS_FOR_A_JOB, LONG, 1, GONE, 1, False),
    "a terminal that goes unheard": (SWALLOWS, LONG, 1, GONE, 130, True),
    "SIGTERM while it plans": (LOCKS_ITSELF_OUT, LONG, 1, TERM, 130, True),
    "SIGTERM while jobs run": (FINISHES_ITS_JOBS, SHORT, 1, TERM, 0, False),
}


def start(program: str, job: str, grace: float, folder: Path, local: bool = True):
    text = START.format(grace=grace, local=local) + program
    process = subprocess.Popen(
        [sys.executable, "-c", text, job],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout.readline() == "ready\n"
    time.sleep(0.3)  # the job has become a separate process by now
    return process


@pytest.mark.parametrize("case", CASES)
def test_a_run_and_its_jobs_end_on_request(case, tmp_path):
    program, job, grace, signals, code, unlocked = CASES[case]
    process = start(program, job, grace, tmp_path)
    for number in signals:
        process.send_signal(number)
        time.sleep(0.6)
    process.communicate(timeout=SECONDS)  # until the job has closed it too
    assert process.returncode == code
    assert (tmp_path / "unlocked").exists() == unlocked


def test_a_lock_that_cannot_be_removed_does_not_prevent_the_end(tmp_path):
    (tmp_path / "unlocked").symlink_to("no/such/folder")
    process = start(SWALLOWS, LONG, 60, tmp_path)
    for _ in range(2):
        process.send_signal(signal.SIGINT)
        time.sleep(0.6)
    process.communicate(timeout=SECONDS)
    assert process.returncode == 130


def test_jobs_of_a_cluster_are_left_to_snakemake(tmp_path):
    process = start(SWALLOWS, SHORT, 0.2, tmp_path, local=False)
    process.send_signal(signal.SIGINT)
    assert process.stdout.readline() == "swallowed\n"
    time.sleep(1.5)
    assert process.poll() is None
    process.kill()
    process.communicate()


def test_under_nohup_a_hangup_is_ignored(tmp_path):
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)  # which the process inherits
    try:
        process = start(WAITS_FOR_A_JOB, SHORT, 0.2, tmp_path)
    finally:
        signal.signal(signal.SIGHUP, before)
    process.send_signal(signal.SIGHUP)
    process.communicate(timeout=SECONDS)
    assert process.returncode == 0
