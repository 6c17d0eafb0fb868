import os
import resource
import signal
import subprocess
import sys
import time
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from yt8m.parent import VARIABLE, announce_run, run_has_ended

ROOT = Path(__file__).parents[1]

RUN = """
import os, subprocess, sys, time
from yt8m.parent import announce_run

announce_run()
job = subprocess.Popen(["bash", "-c", "python -c '" + sys.argv[1] + "' 2>&1; true"])
time.sleep(60)
"""
JOB = """
import time, os
from yt8m.parent import watch_run

watch_run()
print(os.getppid(), os.getpid(), flush=True)
time.sleep(60)
print("not ended", flush=True)
"""


def wait_for_the_end_of(process: int) -> None:
    end = time.monotonic() + 60
    while Path(f"/proc/{process}").exists():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.mark.parametrize(
    "killed", ["the run", "the run, and nobody asks how it ended", "the shell"]
)
def test_a_job_ends_when_the_process_that_started_it_is_killed(killed):
    run = subprocess.Popen(
        [sys.executable, "-c", RUN, JOB],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    shell, job = map(int, run.stdout.readline().split())
    time.sleep(1)
    os.kill(job, 0)
    os.kill(shell if killed == "the shell" else run.pid, signal.SIGKILL)
    if killed == "the run":
        run.wait()
    if killed == "the shell":
        wait_for_the_end_of(job)
        run.kill()
    assert "the run that started this command has ended" in run.stdout.read()  # until the job ends
    run.wait()


def test_a_job_of_a_living_run_continues(monkeypatch):
    monkeypatch.setenv(VARIABLE, "")
    announce_run()
    assert not run_has_ended()


def other_start(words):
    return [words[0], "1", *words[2:]]


def no_such_process(words):
    return [str(2**22 + 1), *words[1:]]


def another_container(words):
    return [str(2**22 + 1), "1", "4026599999", words[3]]


def another_machine(words):
    return [str(2**22 + 1), "1", words[2], "node7"]


@pytest.mark.parametrize(
    ("change", "gone"),
    [
        (other_start, True),
        (no_such_process, True),
        (another_container, False),
        (another_machine, False),
    ],
)
def test_a_run_is_identified_by_process_id_start_time_namespace_and_machine(
    monkeypatch, change, gone
):
    monkeypatch.setenv(VARIABLE, "")
    announce_run()
    monkeypatch.setenv(VARIABLE, " ".join(change(os.environ[VARIABLE].split())))
    assert run_has_ended() == gone


def test_a_run_that_cannot_be_examined_counts_as_alive(monkeypatch):
    """Because the limit of open files is reached."""
    monkeypatch.setenv(VARIABLE, "")
    announce_run()
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    with ExitStack() as files:
        files.callback(resource.setrlimit, resource.RLIMIT_NOFILE, before)
        resource.setrlimit(resource.RLIMIT_NOFILE, (100, before[1]))
        with suppress(OSError):
            while True:
                files.enter_context(Path(os.devnull).open())
        assert not run_has_ended()


def test_a_command_outside_of_the_workflow_belongs_to_no_run(monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)
    assert not run_has_ended()


def test_a_command_that_starts_after_its_run_has_gone_does_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv(VARIABLE, "")
    announce_run()
    started_by = " ".join(no_such_process(os.environ[VARIABLE].split()))
    environment = {**os.environ, "PYTHONPATH": str(ROOT), VARIABLE: started_by}
    command = [sys.executable, "-m", "yt8m", "configure", "--entry", "{}", "--out", "x.json"]
    done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 1 and "the run that started this command has ended" in done.stderr
    assert list(tmp_path.iterdir()) == []
