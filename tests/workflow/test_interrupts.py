"""Ctrl-C, SIGTERM and SIGHUP at many moments, most between a checkpoint and the next jobs."""

import fcntl
import os
import random
import signal
import sys
import termios
import time

import pytest

from tests.workflow.project import Project

pytestmark = pytest.mark.xdist_group("processes")  # short of processors, it takes its time

SECONDS = 30
"""In which a run ends that is asked to."""

MOMENTS = 10 if "YT8M_SOAK" in os.environ else 2
"""At which each signal comes; `make soak` has time for more."""

CHECKPOINT = "(Rule: fingerprint)"
SMALLEST_PIPE = 4096


@pytest.fixture(scope="module")
def with_records(built, tmp_path_factory):
    """A run that has come as far as its manifests; what follows are stand-ins, and quick."""
    project = built.copy_to(tmp_path_factory.mktemp("interrupts") / "project")
    for folder in project.path(".").iterdir():
        if folder.name != "data":
            project.remove(folder.name)
    assert project.plan("records") == {}
    return project


@pytest.fixture
def project(with_records, tmp_path):
    project = with_records.copy_to(tmp_path / "project")
    project.stand_in = True
    return project


def is_locked(project: Project) -> bool:
    locks = project.folder / ".snakemake/locks"
    return locks.exists() and any(locks.iterdir())


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("number", range(MOMENTS))
def test_a_run_ends_wherever_it_is(project, how, number):
    seconds = random.Random(f"{how} {number}").uniform(0, 1.2)
    process = project.start()
    while CHECKPOINT not in process.stdout.readline():
        assert process.poll() is None
    time.sleep(seconds)
    os.killpg(process.pid, how)
    begin = time.monotonic()
    output, _ = process.communicate(timeout=SECONDS)
    assert time.monotonic() - begin < SECONDS and process.returncode != 0, output
    assert not is_locked(project)
    assert project.plan() != {}


def long_training(c) -> None:
    """Its state is saved when it is asked to end, and not before."""
    c["models"]["vlad"] = {**c["models"]["vlad"], "training": {"epochs": 60}}
    c["resources"] = {"train": {"state_seconds": 6000}}


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_training_saves_its_state_when_all_are_asked_to_end(with_records, tmp_path, how):
    """Its shell hears of it too, and waits."""
    project = with_records.copy_to(tmp_path / "project")
    project.write_config(long_training)
    process = project.start("results/models/vlad/trained/weights.safetensors")
    log = project.path("logs/train/vlad.log")
    while not (log.exists() and "step 1/" in log.read_text()):
        assert process.poll() is None
        time.sleep(0.1)
    os.killpg(process.pid, how)
    output, _ = process.communicate(timeout=SECONDS)
    assert process.returncode != 0 and "state saved" in log.read_text(), output
    assert list(project.path("state/train/vlad").glob("*/state.safetensors"))
    assert not is_locked(project)


def wait_until_full(process) -> None:
    """Until nothing more goes into the pipe: it has long stayed as it is, well filled."""
    level, since = bytes(4), time.monotonic()
    while time.monotonic() < since + 5 or int.from_bytes(level, sys.byteorder) < SMALLEST_PIPE / 2:
        assert process.poll() is None
        found = fcntl.ioctl(process.stdout, termios.FIONREAD, bytes(4))
        level, since = found, since if found == level else time.monotonic()
        time.sleep(0.1)


def test_a_run_ends_whose_output_nobody_reads(project):
    """Snakemake drops a Ctrl-C that comes while it writes, as to a terminal that was stopped."""
    process = project.start()
    fcntl.fcntl(process.stdout, fcntl.F_SETPIPE_SZ, SMALLEST_PIPE)
    wait_until_full(process)
    os.killpg(process.pid, signal.SIGINT)
    assert process.wait(timeout=SECONDS) == 130
    assert not is_locked(project)
    project.run()  # goes on from there
    assert project.plan() == {}
