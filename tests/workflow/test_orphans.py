"""If Snakemake alone is killed, its jobs end, too, and do not affect the next run."""

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

import pytest

from tests.workflow.outcome import digests
from tests.workflow.project import Project
from yt8m.parent import MESSAGE

pytestmark = pytest.mark.xdist_group("processes")

TARGET = "results/models/vlad/trained/weights.safetensors"
SECONDS = 120
"""After which a job whose run has ended counts as going on."""


def commands(folder: Path) -> list[str]:
    """The `yt8m` commands that run in a folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            here = (process / "cwd").samefile(folder)
            command = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        if here and "-m yt8m" in command:
            found.append(command)
    return found


def long_training(c) -> None:
    c["training"]["epochs"] = 500


def short_training(c) -> None:
    c["training"]["epochs"] = 1


@pytest.fixture
def orphaned(tmp_path):
    """A project whose Snakemake was killed while a model was training."""
    project = Project(tmp_path / "project")
    project.folder.mkdir()
    project.write_config(long_training)
    process = project.start(TARGET)
    state = project.path("state/train/vlad")
    while not list(state.glob("*/state.safetensors")):
        assert process.poll() is None, process.communicate()[0]
        time.sleep(0.05)
    assert commands(project.folder)
    process.kill()  # Snakemake alone
    process.wait()
    yield project
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)  # whatever is left of it


def test_an_orphaned_job_writes_nothing_into_the_next_run(orphaned, tmp_path):
    """The job ends by itself, and writes nothing more."""
    end = time.monotonic() + SECONDS
    while commands(orphaned.folder):
        assert time.monotonic() < end, commands(orphaned.folder)
        time.sleep(0.1)
    log = orphaned.path("logs/train/vlad.log").read_text()
    assert f"yt8m: error: {MESSAGE}\n" in log
    assert not orphaned.path("models/vlad/trained/weights.safetensors").exists()
    orphaned.write_config(short_training)
    orphaned.snakemake("--unlock")
    orphaned.run(TARGET)
    fresh = Project(tmp_path / "fresh")
    fresh.folder.mkdir()
    fresh.write_config(short_training)
    fresh.run(TARGET)
    made = ("models/vlad/trained/*",)
    assert digests(orphaned.path("."), made) == digests(fresh.path("."), made)
    assert not list(orphaned.path(".").rglob("*.part"))
    assert not list(orphaned.path("state").rglob("*.safetensors"))
    assert orphaned.plan(TARGET) == {}
