"""What a job's log holds after failed attempts."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from yt8m.parent import VARIABLE, announce_run

ROOT = Path(__file__).parents[2]


@pytest.fixture
def attempt(tmp_path, monkeypatch):
    """Run a job with a log as in Snakemake; it succeeds if its settings are valid."""
    monkeypatch.setenv(VARIABLE, "")
    announce_run()
    log = tmp_path / "logs/job.log"
    log.parent.mkdir()

    def attempt(card: dict, **environment) -> str:
        log.unlink(missing_ok=True)
        command = [sys.executable, "-m", "yt8m", "configure", "--entry", json.dumps(card)]
        with log.open("w") as file:
            subprocess.run(
                [*command, "--out", str(tmp_path / "out.json")],
                env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
                stdout=file,
                stderr=subprocess.STDOUT,
            )
        return log.read_text()

    return attempt


def test_the_log_of_a_retried_job_includes_its_earlier_attempts(attempt, tmp_path):
    first = attempt({"first": 1})
    assert first.startswith("yt8m: error: ") and "first: unknown setting" in first
    second = attempt({"second": 2})
    kept, line, own = re.split(r"(--- .* ---)\n", second)
    assert kept == first and own.startswith("yt8m: error") and "second: unknown" in own
    assert re.fullmatch(r"--- tried again, \d{4}-\d\d-\d\d \d\d:\d\d:\d\d ---", line)
    assert attempt({}).startswith(second)
    beside = [".job.log.activity", ".job.log.kept"]
    assert sorted(p.name for p in (tmp_path / "logs").iterdir()) == [*beside, "job.log"]


def test_a_job_that_succeeded_starts_a_new_log_next_time(attempt, tmp_path, monkeypatch):
    from tests.small import write_model_config

    attempt({"bad": 1})
    entry = write_model_config(tmp_path, "vlad").entry()
    assert "tried again" in attempt(entry)
    assert [p.name for p in (tmp_path / "logs").iterdir()] == ["job.log"]
    assert "tried again" not in attempt(entry)


def test_logs_of_commands_outside_of_the_workflow_are_not_kept(attempt, tmp_path):
    by_hand = {VARIABLE: ""}
    attempt({"bad": 1}, **by_hand)
    assert attempt({"bad": 2}, **by_hand).startswith("yt8m: error: ")
    assert [p.name for p in (tmp_path / "logs").iterdir()] == ["job.log"]
