"""Training jobs on several nodes."""

import pytest

from tests.workflow.project import Project
from tests.workflow.test_plan import plan_of
from yt8m.config.resources import TrainingJob
from yt8m.errors import ConfigError
from yt8m.workflow.flags import Flags
from yt8m.workflow.nodes import check_executor, resources_on


def several(config):
    config["resources"] = {"train": {"gpu": 4, "threads": 6, "nodes": 2}}


def test_a_job_on_several_nodes_has_one_process_on_each_of_them():
    flags = Flags(plan_of(several))
    assert flags.launcher().split() == [
        "srun",
        "--nodes=2",
        "--ntasks=2",
        "--ntasks-per-node=1",
        "--cpus-per-task=6",
        "--kill-on-bad-exit=1",
    ]
    assert flags.workers() == "--workers slurm"
    found = resources_on(TrainingJob(4, 6, 1000, 10, nodes=2))
    assert found == {"gpu": 8, "nodes": 2, "tasks": 2, "tasks_per_gpu": 0, "mpi": "srun"}


def test_a_job_on_one_node_is_as_without_the_setting():
    flags = Flags(plan_of())
    assert flags.launcher() == flags.workers() == ""
    assert resources_on(TrainingJob(4, 6, 1000, 10)) == {}
    check_executor(TrainingJob(4, 6, 1000, 10), "local")


@pytest.mark.parametrize("executor", ["local", "lsf"])
def test_several_nodes_without_slurm_are_refused(executor):
    job = TrainingJob(1, 1, 1000, 10, nodes=3)
    check_executor(job, "slurm")
    with pytest.raises(ConfigError, match=f"nodes: is 3, but the executor {executor} starts each"):
        check_executor(job, executor)


def test_a_run_on_this_machine_with_several_nodes_starts_no_job(tmp_path):
    project = Project(tmp_path)
    project.write_config(several)
    said = project.snakemake("records", succeeds=False)
    assert "config: resources.train.nodes: is 2, but the executor local starts each job" in said
    assert not (tmp_path / "results/data").exists()
