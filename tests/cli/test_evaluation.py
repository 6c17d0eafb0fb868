"""Evaluations that share a process."""

import os
import subprocess
import sys
from pathlib import Path
from socket import gethostname

import pytest
from click.testing import CliRunner

from tests.serving.stages import write_stage
from tests.small import write_dataset
from yt8m.cli.evaluation import evaluate
from yt8m.parent import VARIABLE, pid_namespace, start_of

RUN, ANOTHER = (
    f"{p} {start_of(p)} {pid_namespace()} {gethostname()}" for p in (os.getpid(), os.getppid())
)
OUTPUTS = {"--classes-out": "c.parquet", "--videos-out": "v.parquet", "--out": "m.json"}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Records and two models; this process is the run that its commands belong to."""
    write_dataset(tmp_path)
    for name in ("vlad", "bag"):
        write_stage(tmp_path, name)
    monkeypatch.setenv(VARIABLE, RUN)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def arguments(name, out, *more):
    outputs = [
        word for option, file in OUTPUTS.items() for word in (option, f"{out}/{name}/{file}")
    ]
    given = ["--records", "validate.json", "--batch-size", "8", "--threads", "0"]
    return [f"{name}/trained", *given, *outputs, *more]


def ran(name, out, *more):
    done = CliRunner().invoke(evaluate, arguments(name, out, *more))
    assert done.exit_code == 0, done.output
    return contents(name, out)


def contents(name, out):
    return [Path(out, name, file).read_bytes() for file in OUTPUTS.values()]


def evaluate_both():
    """vlad, and bag ahead of its own command."""
    ahead = ("--ahead", "bag/trained", "together/bag/m.json", "state/bag")
    return ran("vlad", "together", "--together", "state/vlad", *ahead)


TAKES_OVER = """
import sys
from yt8m.cli.evaluation import evaluate
evaluate.main(sys.argv[1:], standalone_mode=False)
assert not {"tensorflow", "keras", "pyarrow"} & set(sys.modules)
"""


def test_results_are_those_of_each_alone_and_taken_over_without_tensorflow(folder):
    assert evaluate_both() == ran("vlad", "alone")
    assert not (folder / "state/vlad").exists() and not (folder / "together/bag").exists()
    command = [sys.executable, "-c", TAKES_OVER]
    command += arguments("bag", "together", "--together", "state/bag")
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "evaluate bag/trained: done ahead by the command of vlad/trained" in done.stderr
    assert contents("bag", "together") == ran("bag", "alone")
    assert not (folder / "state/bag").exists()


@pytest.mark.parametrize("change", ["settings", "weights", "run"])
def test_a_result_of_something_else_is_not_taken_over(folder, monkeypatch, change):
    evaluate_both()
    more = ("--top-k", "2") if change == "settings" else ()
    if change == "weights":
        write_stage(folder, "bag", seed=1)
    if change == "run":
        monkeypatch.setenv(VARIABLE, ANOTHER)
    done = CliRunner().invoke(evaluate, arguments("bag", "new", "--together", "state/bag", *more))
    assert done.exit_code == 0 and "done ahead" not in done.output
    assert contents("bag", "new") == ran("bag", "alone", *more)
    assert not (folder / "state/bag").exists()


@pytest.mark.parametrize(
    ("more", "text"),
    [
        (("--ahead", "a", "b", "c"), "--ahead needs --together"),
        (("--together", "s", "--scores-out", "s.parquet"), "--together is for a model's stage"),
    ],
)
def test_options_that_do_not_fit_are_refused(folder, more, text):
    done = CliRunner().invoke(evaluate, arguments("bag", "out", *more))
    assert done.exit_code == 2 and text in done.output
