"""The settings `resources`: what the jobs of each step may use."""

from functools import partial

from pydantic import Field

from yt8m.strict import settings

MOST = 4096
"""GPUs, and threads, of a job: no machine has more."""


@settings
class Job:
    """What one job of a step may use."""

    gpu: int = Field(0, ge=0, le=MOST, description="GPUs")
    threads: int = Field(1, ge=1, le=MOST, description="CPU threads")
    mem_mb: int = Field(2000, ge=1, description="memory in MB")
    runtime: int = Field(60, ge=1, description="minutes; doubled with each retry")


@settings
class TrainingJob(Job):
    """What a job that trains may use, and how much of its work a kill may cost."""

    state_seconds: int = Field(
        600,
        ge=0,
        description="time between two saves of the state that a killed run resumes; 0: each step",
    )


def _job(what: str, cls: type[Job] = Job, **words: int) -> Job:
    return Field(default_factory=partial(cls, **words), description=what)


@settings
class Resources:
    """What the jobs of each step may use; sizes for one GPU of 16 GB or more."""

    records: Job = _job("reading and checking a split", threads=2, mem_mb=2000, runtime=240)
    train: TrainingJob = _job(
        "training and averaging", TrainingJob, gpu=1, threads=8, mem_mb=24000, runtime=2880
    )
    quantise: Job = _job("storing weights as codes", threads=2, mem_mb=8000, runtime=60)
    ensemble: Job = _job("building a graph", threads=2, mem_mb=16000, runtime=60)
    distil: Job = _job("labels for students", gpu=1, threads=8, mem_mb=16000, runtime=120)
    infer: Job = _job("evaluation and prediction", gpu=1, threads=8, mem_mb=16000, runtime=480)
    light: Job = _job("everything else", threads=1, mem_mb=2000, runtime=30)
