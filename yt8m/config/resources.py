"""The setting `resources`: what the jobs of each step may use."""

from collections.abc import Iterator
from functools import partial

from pydantic import Field

from yt8m.strict import settings

MOST = 4096
"""Limit on GPUs and on threads per job, above that of any machine."""


@settings
class Job:
    """What one job of a step may use."""

    gpu: int = Field(ge=0, le=MOST, description="GPUs")
    threads: int = Field(ge=1, le=MOST, description="CPU threads")
    mem_mb: int = Field(ge=1, description="memory in MB")
    runtime: int = Field(ge=1, description="minutes; doubled with each retry")


SHARDS_A_JOB = 200
"""Most shards of one job: 140,000 videos, 26 GB, of YouTube-8M."""

MOST_TOGETHER = 64
"""Limit on what one process does for other jobs; their files are named on one command line."""


@settings
class RecordsJob(Job):
    """What a job that reads and checks shards may use, and how many it reads."""

    shards_per_job: int = Field(
        SHARDS_A_JOB,
        ge=1,
        description="shards that one job reads and checks; a split with more of them is read in "
        "parts, by jobs that may run side by side, and a last one puts together what they found",
    )


@settings
class TrainingJob(Job):
    """What a training job may use, how often it saves its state, and whether it trains others."""

    state_seconds: int = Field(
        600,
        ge=0,
        description="seconds between saves of the state that an interrupted job resumes from; 0: "
        "every step",
    )
    together: int = Field(
        1,
        ge=1,
        le=MOST_TOGETHER,
        description="models that one process may train, one after the other: its own, and others "
        "that learn from the same records and wait for a free place; with one GPU at most",
    )

    nodes: int = Field(
        1,
        ge=1,
        le=MOST,
        description="machines that train one model together, each with `gpu`, `threads` and "
        "`mem_mb`; more than 1 needs Slurm",
    )

    @property
    def devices(self) -> int:
        """Devices that see a part of each step's videos."""
        return max(1, self.gpu) * self.nodes

    def problems(self) -> Iterator[tuple[str, str]]:
        """Models share a process only on one device."""
        if self.together > 1 and self.gpu > 1:
            yield "together", f"is {self.together}; must be 1 for jobs with {self.gpu} GPUs"
        if self.together > 1 and self.nodes > 1:
            yield "together", f"is {self.together}; must be 1 for jobs on {self.nodes} nodes"


@settings
class InferenceJob(Job):
    """What a job that predicts may use, and whether it evaluates other models."""

    together: int = Field(
        1,
        ge=1,
        le=MOST_TOGETHER,
        description="evaluations of models that one process may do, one after the other: its own, "
        "and others on the same split that wait for a free place; not for evaluations in parts",
    )
    shards_per_job: int = Field(
        SHARDS_A_JOB,
        ge=1,
        description="a split that has more shards is evaluated and predicted in parts, one for so "
        "many shards, by jobs that may run side by side; the results are the same, to the bit",
    )


def _job(what: str, cls: type[Job] = Job, gpu: int = 0, **words: int) -> Job:
    return Field(default_factory=partial(cls, gpu=gpu, **words), description=what)


@settings
class Resources:
    """What the jobs of each step may use; the defaults are for one GPU with 16 GB or more."""

    records: RecordsJob = _job(
        "reading and checking shards", RecordsJob, threads=2, mem_mb=2000, runtime=240
    )
    download: Job = _job("downloading shards", threads=2, mem_mb=1000, runtime=720)
    extract: Job = _job(
        "extracting the features of videos", gpu=1, threads=8, mem_mb=16000, runtime=720
    )
    train: TrainingJob = _job(
        "training and averaging", TrainingJob, gpu=1, threads=8, mem_mb=24000, runtime=2880
    )
    quantise: Job = _job("quantising weights", threads=2, mem_mb=8000, runtime=60)
    ensemble: Job = _job("building an ensemble's graph", threads=2, mem_mb=16000, runtime=60)
    distil: Job = _job("writing soft labels", gpu=1, threads=8, mem_mb=16000, runtime=120)
    infer: InferenceJob = _job(
        "evaluation and prediction", InferenceJob, gpu=1, threads=8, mem_mb=16000, runtime=480
    )
    light: Job = _job("everything else", threads=1, mem_mb=2000, runtime=30)
