"""Ctrl-C, SIGTERM and SIGHUP at many moments, most between a checkpoint and the next jobs."""

import fcntl
import os
import random
import signal
import sys
import termios
import time
from contextlib import suppress

import pytest

from tests.soaking import SOAK, soak
from tests.workflow.project import Project

pytestmark = pytest.mark.xdist_group("processes")

SECONDS = 300
"""After which an interrupted run counts as hanging; short of processors, it takes its time."""

MOMENTS = 10 if SOAK else 1
"""Number of random moments per signal; `make soak` has time for more."""

CHECKPOINT = "(Rule: fingerprint)"
SMALLEST_PIPE = 4096


@pytest.fixture(scope="module")
def with_records(built, tmp_path_factory):
    """A run up to its manifests; the following steps are quick stand-ins."""
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
def test_a_run_ends_at_whatever_moment_it_is_interrupted(project, how, number):
    seconds = random.Random(f"{how} {number}").uniform(0, 1.2)
    process = project.start()
    while CHECKPOINT not in process.stdout.readline():
        assert process.poll() is None
    time.sleep(seconds)
    os.killpg(process.pid, how)
    output, _ = process.communicate(timeout=SECONDS)
    assert process.returncode != 0, output
    assert not is_locked(project)
    assert project.plan() != {}


def long_training(c) -> None:
    """Its state is saved on interruption only."""
    c["models"]["vlad"] = {**c["models"]["vlad"], "training": {"epochs": 60}}
    c["resources"] = {"train": {"state_seconds": 6000}}


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, soak(signal.SIGHUP)])
def test_training_saves_its_state_if_its_whole_process_group_is_interrupted(
    with_records, tmp_path, how
):
    """Its shell gets the signal, too, and waits."""
    project = with_records.copy_to(tmp_path / "project")
    project.write_config(long_training)
    project.pause = 0.2  # a thousand times
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


def wait_for_silence(process) -> None:
    """Wait until nothing has come for a while, such as since the pipe is full."""
    level, since = bytes(4), time.monotonic()
    while time.monotonic() < since + 5 or int.from_bytes(level, sys.byteorder) < SMALLEST_PIPE / 2:
        assert process.poll() is None
        found = fcntl.ioctl(process.stdout, termios.FIONREAD, bytes(4))
        level, since = found, since if found == level else time.monotonic()
        time.sleep(0.1)


def fill(pipe) -> None:
    """Leave no room in a pipe, so that whoever writes to it is blocked."""
    end = os.open(f"/proc/self/fd/{pipe.fileno()}", os.O_WRONLY | os.O_NONBLOCK)
    with suppress(BlockingIOError):
        while os.write(end, b"-"):
            pass
    os.close(end)


def test_a_run_whose_output_is_not_read_can_be_interrupted(project):
    """Snakemake ignores a Ctrl-C while it is blocked in writing, as to a stopped terminal."""
    process = project.start()
    fcntl.fcntl(process.stdout, fcntl.F_SETPIPE_SZ, SMALLEST_PIPE)
    wait_for_silence(process)
    fill(process.stdout)
    os.killpg(process.pid, signal.SIGINT)
    assert process.wait(timeout=SECONDS) == 130
    assert not is_locked(project)
    project.run()  # goes on from there
    assert project.plan() == {}
