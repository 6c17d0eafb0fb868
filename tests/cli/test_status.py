"""The command that shows how far a run is, without Snakemake."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from yt8m.activity import Activity, activity_file, this_process, write_activity
from yt8m.cli import main

ROOT = Path(__file__).parents[2]


@pytest.fixture
def run(tmp_path, monkeypatch):
    """A folder with a config and the results of a run, whose only job is this process."""
    monkeypatch.chdir(tmp_path)
    Path("mine.yaml").write_text("results: of mine\n")
    log = Path("of mine/logs/train/vlad.log")
    log.parent.mkdir(parents=True)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now)  # the time that is left depends on it
    doing = Activity("train vlad", "step", 10, 90, 2.0, "loss 0.25", began=now, updated=now)
    write_activity(activity_file(log), doing, this_process())
    return log


def shown(*arguments):
    result = CliRunner().invoke(main, ["status", *arguments])
    assert result.exit_code == 0, result.output
    return result.output


@pytest.mark.parametrize(
    "arguments",
    [
        ["--running", "--configfile", "mine.yaml"],
        ["--running", "target", "--configfile=mine.yaml", "--cores", "1"],
        ["--running", "--configfile", "other.yaml", "mine.yaml"],
        ["--running", "--configfile", "other.yaml", "--config", "results=of mine"],
        ["--results", "of mine"],
    ],
)
def test_the_jobs_of_the_config_s_results_folder_are_shown(run, arguments):
    Path("other.yaml").write_text("results: elsewhere\n")
    titles, row = shown(*arguments).splitlines()
    assert titles.split() == ["job", "done", "rate", "left", "now"]
    assert row.split()[:5] == ["train/vlad", "10/90", "2", "steps/s", "0:40"]
    assert row.endswith("loss 0.25")


def test_a_config_without_results_has_the_default_folder(run):
    Path("mine.yaml").write_text("models: {}\n")
    assert shown("--running", "--configfile", "mine.yaml") == "No job is running.\n"
    Path("of mine").rename("results")
    assert "train/vlad" in shown("--running", "--configfile", "mine.yaml")
    assert "train/vlad" in shown("--running")


def test_below_a_job_that_was_stopped_is_how_to_go_on(run):
    gone = replace(this_process(), started="1")
    write_activity(activity_file(run), Activity(began=1.0, updated=1.0), gone)
    *_, row, hint = shown("--results", "of mine").splitlines()
    assert row.split() == ["train/vlad", "stopped"]
    assert hint == "Logs: of mine/logs/<job>.log. To resume, rerun the command of the run."


def test_watching_shows_the_jobs_until_an_interrupt(run):
    command = [sys.executable, "-m", "yt8m", "status", "--results", "of mine", "--watch", "0.1"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    watching = subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, text=True)
    try:
        lines = [watching.stdout.readline() for _ in range(6)]
        watching.send_signal(signal.SIGINT)
        assert watching.wait(timeout=300) == 0
    finally:
        watching.kill()
    assert [line[:10] for line in lines[2::3]] == ["train/vlad"] * 2


def test_a_reader_that_ends_is_no_error(run):
    command = [sys.executable, "-m", "yt8m", "status", "--results", "of mine", "--watch", "0.1"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    pipe = subprocess.PIPE
    watching = subprocess.Popen(command, stdout=pipe, stderr=pipe, env=environment, text=True)
    try:
        watching.stdout.readline()
        watching.stdout.close()
        assert (watching.wait(timeout=300), watching.stderr.read()) == (1, "")
    finally:
        watching.kill()
