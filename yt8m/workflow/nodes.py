"""Training jobs on several nodes: what Slurm is asked for, and how their processes are started."""

from typing import Any

from yt8m.config.resources import TrainingJob
from yt8m.errors import ConfigError

EXECUTOR = "slurm"
"""The executor of Snakemake whose jobs may have several nodes."""


def resources_on(job: TrainingJob) -> dict[str, Any]:
    """What the executor takes for a training job on several nodes; empty for one.

    One process a node, which has all GPUs of the job there. `gpu` is of all nodes together, and
    tasks_per_gpu 0 leaves out what the executor else derives from `tasks`.
    """
    if job.nodes == 1:
        return {}
    return {
        "gpu": job.gpu * job.nodes,
        "nodes": job.nodes,
        "tasks": job.nodes,
        "tasks_per_gpu": 0,
        "mpi": "srun",
    }


def launcher(job: TrainingJob) -> str:
    """What starts a command on each node of a training job; empty for one node."""
    if job.nodes == 1:
        return ""
    return (
        f"srun --nodes={job.nodes} --ntasks={job.nodes} --ntasks-per-node=1 "
        f"--cpus-per-task={job.threads} --kill-on-bad-exit=1"
    )


def workers(job: TrainingJob) -> str:
    """The option by which these commands find each other; empty for one node."""
    return "" if job.nodes == 1 else "--workers slurm"


def check_executor(job: TrainingJob, executor: str) -> None:
    """Raises ConfigError for training jobs on several nodes if no Slurm runs the jobs.

    executor: Snakemake's name of what runs them, such as "local".
    """
    if job.nodes > 1 and executor != EXECUTOR:
        raise ConfigError(
            f"resources.train.nodes: is {job.nodes}, but the executor {executor} starts each job "
            "on one machine only; run on Slurm (--workflow-profile profiles/slurm), set nodes: 1, "
            "or train by hand with `yt8m train --workers`"
        )
