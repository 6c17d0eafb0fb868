"""Snakemake is killed while its job runs on a cluster, and the job ends well."""

import time

import pytest

from tests.slurm.cluster import Cluster, obstacle
from tests.slurm.test_cluster import HANGS, OPTIONS, settings
from tests.workflow.project import Project

pytestmark = [
    pytest.mark.xdist_group("slurm"),
    pytest.mark.skipif(obstacle() is not None, reason=f"no Slurm: {obstacle()}"),
]

TARGET = f"results/{HANGS}"


def few_epochs(config: dict) -> None:
    """Training takes a while, and has the time."""
    settings(config)
    config["resources"]["train"]["runtime"] = 20
    config["models"]["vlad"]["training"] = {"epochs": 5}


def test_what_a_job_finished_after_the_end_of_snakemake_is_used(tmp_path):
    project = Project(tmp_path / "project")
    project.folder.mkdir()
    project.write_config(few_epochs)
    project.pause = 0.5
    with Cluster() as cluster:
        process = project.start(TARGET, *OPTIONS)
        wait_for(lambda: list(project.path("state/train/vlad").glob("*/*.safetensors")))
        process.kill()
        process.wait()
        wait_for(lambda: cluster.jobs("train")[0]["JobState"] == "COMPLETED")
    assert project.path(HANGS).exists()
    assert project.plan(TARGET) == {}  # beside a run that seems to go on
    project.snakemake("--unlock")
    assert project.plan(TARGET) == {}
    project.write_config(lambda c: few_epochs(c) or c["models"]["vlad"].update(clusters=2))
    assert project.plan(TARGET)["train"] == 1


def wait_for(condition) -> None:
    """Wait until a condition holds."""
    deadline = time.monotonic() + 1200
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)
