"""What a job is doing, in the file beside its log."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from yt8m.activity import Activity, Process, activity_file, note_error, this_process, write_activity
from yt8m.parent import VARIABLE, announce_run
from yt8m.running import read_jobs

ROOT = Path(__file__).parents[1]
JOB = """
import sys, time
from yt8m.cli.jobs import in_one_line
from yt8m.errors import ConfigError
from yt8m.progress import Progress
with in_one_line():
    print("begins", file=sys.stderr, flush=True)
    with Progress("train vlad", "step", 90, 10) as bar:
        for _ in range(3):
            bar.advance(5, "loss 0.250")
        ending = sys.argv[1]
        bar.__exit__() if ending == "hang" else None
        time.sleep(60 if ending == "hang" else 0)
    if ending == "fail":
        raise ConfigError("no such\\nsetting")
"""


@pytest.fixture
def start(tmp_path, monkeypatch):
    """Start a job with a log as Snakemake does, which removes the log before each attempt."""
    monkeypatch.setenv(VARIABLE, "")
    announce_run()
    log = tmp_path / "logs/train/vlad.log"
    log.parent.mkdir(parents=True)

    def start(ending: str) -> subprocess.Popen:
        log.unlink(missing_ok=True)
        with log.open("w") as file:
            command = [sys.executable, "-c", JOB, ending]
            environment = {**os.environ, "PYTHONPATH": str(ROOT)}
            return subprocess.Popen(command, stderr=file, cwd=tmp_path, env=environment)

    return start


def when_done(folder: Path, done: int):
    """The only job of a results folder, once it has done so many units."""
    end = time.monotonic() + 120
    while time.monotonic() < end:
        jobs = read_jobs(folder)
        if jobs and jobs[0].activity.done == done:
            return jobs[0]
        time.sleep(0.02)
    raise AssertionError("the job does not get there")


def test_a_job_is_seen_running_then_stopped_and_its_next_attempt_appends_to_its_log(
    start, tmp_path
):
    job = start("hang")
    try:
        found = when_done(tmp_path, 25)
        assert (found.name, found.state, found.process.pid) == ("train/vlad", "running", job.pid)
        assert found.activity.title == "train vlad" and found.activity.total == 90
        assert found.activity.note == "loss 0.250" and found.activity.rate > 0
    finally:
        job.kill()
        job.wait()
    (found,) = read_jobs(tmp_path)
    assert (found.state, found.activity.done) == ("stopped", 25)
    assert start("succeed").wait() == 0
    lines = found.log.read_text().splitlines()
    assert lines[0] == lines[2] == "begins" and "tried again" in lines[1]
    assert [path.name for path in found.log.parent.iterdir()] == ["vlad.log"]


def test_a_job_that_fails_says_why(start, tmp_path):
    assert start("fail").wait() == 1
    (found,) = read_jobs(tmp_path)
    assert (found.state, found.activity.error) == ("failed", "no such\nsetting")


def test_what_is_written_is_read_again(tmp_path):
    log = tmp_path / "logs/ema/a.b.log"
    log.parent.mkdir(parents=True)
    path = activity_file(log)
    written = Activity("average a.b", "step", 3, 9, 0.5, "loss 1", "", 10.0, 20.0, 4.0)
    write_activity(path, written, this_process())
    (job,) = read_jobs(tmp_path)
    assert (job.activity, job.name, job.log) == (written, "ema/a.b", log)
    assert job.process == this_process() and job.state == "running"
    note_error(path, "too bad")
    assert read_jobs(tmp_path)[0].state == "failed"
    assert [p.name for p in path.parent.iterdir()] == [path.name]  # no part of a file is left


def test_a_file_that_cannot_be_written_fails_nothing(tmp_path):
    path = tmp_path / "missing/.a.log.activity"
    write_activity(path, Activity(), Process("here", "1", 1, "1"))
    note_error(path, "too bad")
    assert not path.parent.exists()
