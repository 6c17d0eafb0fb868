"""The workflow on a real Slurm cluster of one node with one GPU."""

import itertools
import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.slurm.cluster import Cluster, obstacle, slurm
from tests.workflow.project import PATIENCE, ROOT, Project
from yt8m.weights import load_weights

pytestmark = [
    pytest.mark.xdist_group("slurm"),  # one run serves all
    pytest.mark.skipif(obstacle() is not None, reason=f"no Slurm: {obstacle()}"),
]

HANGS = "models/vlad/trained/weights.safetensors"
OPTIONS = ["--workflow-profile", str(ROOT / "profiles/slurm"), "--slurm-array-jobs", "distil"]
OPTIONS += ["--default-resources", "slurm_partition=night"]
OPTIONS += ["--set-resources", "train:gpu_model=a100", "ema:runtime=3"]
OPTIONS += ["--slurm-init-seconds-before-status-checks", "1"]
JOBS = {
    **{"make_shard": 3, "manifest": 2, "train": 3, "ema": 3, "quantise": 3},
    **{"ensemble": 2, "fingerprint": 2, "distil": 2, "distilled_manifest": 1},
    **{"evaluate": 9, "evaluate_ensemble": 2, "thresholds": 1, "size": 2, "archive": 1},
    **{"predict": 1, "submit": 1, "provenance": 1, "confidence": 1, "report": 1},
}
ON_GPU = ("train", "ema", "distil", "provenance")
RECORD = ROOT / ".ci/slurm-jobs.log"
"""Where Slurm's own record of all jobs is kept for inspection."""


def settings(config: dict) -> None:
    """A teacher, a student, and a model that runs out of time; resources that identify steps."""
    config["dataset"]["source"] = {
        **config["dataset"]["source"],
        "splits": {"train": [2, 60], "validate": [1, 30]},
    }
    config["models"] = {name: config["models"][name] for name in ("bag", "student", "vlad")}
    config["models"]["vlad"] = {**config["models"]["vlad"], "training": {"epochs": 50}}
    config["ensembles"]["teacher"] = {"members": {"bag": 1.0}}
    config["run"]["models"] = ["vlad"]
    config["resources"] = {
        # The state is saved after each step.
        "train": {"gpu": 1, "threads": 1, "mem_mb": 1100, "runtime": 1, "state_seconds": 0},
        "distil": {"gpu": 1, "threads": 1, "mem_mb": 1200, "runtime": 7},
        "ensemble": {"threads": 2, "mem_mb": 1300, "runtime": 8},
        "records": {"threads": 1, "mem_mb": 1400, "runtime": 9},
        "light": {"threads": 1, "mem_mb": 1000, "runtime": 6},
        "quantise": {"threads": 1, "mem_mb": 1000, "runtime": 5},
        "infer": {"gpu": 0, "threads": 1, "mem_mb": 1000, "runtime": 4},
    }


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """The whole workflow, submitted to the cluster, with a training that hangs."""
    project = Project(tmp_path_factory.mktemp("slurm") / "project")
    project.folder.mkdir()
    project.write_config(settings)
    project.real = True  # Slurm's processes are to be the jobs themselves
    undisturbed = project.copy_to(project.folder.with_name("undisturbed"))
    with Cluster() as cluster, ThreadPoolExecutor() as beside:
        hung = beside.submit(hang_training, cluster, project)
        reference = beside.submit(lambda: hung.result() and undisturbed.run(f"results/{HANGS}"))
        # Named, as what lies behind the final ensemble would not be planned before that is made.
        project.snakemake("all", f"results/{HANGS}", *OPTIONS)
        reference.result()
        jobs = {rule: cluster.jobs(rule) for rule in JOBS}
        RECORD.write_text(cluster.record())
    return SimpleNamespace(
        project=project, undisturbed=undisturbed, jobs=jobs, hung_at_step=hung.result()
    )


def hang_training(cluster: Cluster, project: Project) -> int:
    """Suspend the training of `vlad` once its state is saved, so that it runs out of time.

    Returns how many steps the saved state holds.
    """
    deadline = time.monotonic() + PATIENCE
    while not (states := list(project.path("state/train/vlad").glob("*/*.safetensors"))):
        assert time.monotonic() < deadline, "the training does not start"
        time.sleep(0.02)
    (job,) = [job for job in attempts(cluster.jobs("train")) if job["JobState"] == "RUNNING"]
    listed = slurm("scontrol", "listpids", job["JobId"]).splitlines()[1:]
    pids = [int(line.split()[0]) for line in listed]
    training = [pid for pid in pids if pid > 0 and b"yt8m\0train" in command_line(pid)]
    assert training, listed
    for pid in training:
        os.kill(pid, signal.SIGSTOP)
    return load_weights(states[0])[1]["position"]


def command_line(pid: int) -> bytes:
    """Of a process; empty if it has ended."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    return b""


def attempts(jobs: list[dict[str, str]]) -> list[dict[str, str]]:
    """The jobs that trained `vlad`."""
    return [job for job in jobs if job["Comment"].endswith("_vlad")]


def span(job: dict[str, str]) -> tuple[datetime, datetime]:
    """When a job ran."""
    return datetime.fromisoformat(job["StartTime"]), datetime.fromisoformat(job["EndTime"])


def test_all_jobs_but_the_smallest_run_on_slurm(run):
    """`model_config` and targets run locally; only one training ran out of time."""
    ended_well = {
        rule: sum(job["JobState"] == "COMPLETED" for job in jobs) for rule, jobs in run.jobs.items()
    }
    assert ended_well == JOBS
    sent = {rule: len(jobs) for rule, jobs in run.jobs.items()}
    assert sent == {**JOBS, "train": sent["train"]} and sent["train"] > JOBS["train"]
    for name in ("report.html", "predictions/final/validate.csv", "ensembles/final/final.tar.gz"):
        assert run.project.path(name).stat().st_size > 0
    assert run.project.plan() == {}


def test_a_job_requests_what_its_rule_declares(run):
    asked = {
        rule: (job["CPUs/Task"], job["MinMemoryNode"], job["TimeLimit"], job["Partition"])
        for rule, (job, *_) in run.jobs.items()
    }
    assert (
        asked.items()
        >= {
            "train": ("1", "1100M", "00:01:00", "night"),
            "distil": ("1", "1201M", "00:07:00", "night"),  # 1 MB for the list of an array's jobs
            "ensemble": ("2", "1300M", "00:08:00", "night"),
            "fingerprint": ("1", "1000M", "00:06:00", "night"),
            "distilled_manifest": ("1", "1400M", "00:09:00", "night"),
            "predict": ("1", "1000M", "00:04:00", "night"),
        }.items()
    )


def test_only_jobs_whose_rule_declares_a_gpu_request_one(run):
    asked = dict.fromkeys(ON_GPU, "gres:gpu:1") | {"train": "gres:gpu:a100:1"}
    assert {rule: run.jobs[rule][-1]["TresPerJob"] for rule in ON_GPU} == asked
    for rule in run.jobs.keys() - set(ON_GPU):
        assert not [job for job in run.jobs[rule] if "gpu" in str(job)], rule


def test_jobs_wait_for_the_one_gpu(run):
    jobs = sorted((job for rule in ON_GPU for job in run.jobs[rule]), key=span)
    assert len(jobs) >= 10  # three trainings, one of them again; averages, shards, the device
    for one, other in itertools.pairwise(jobs):
        assert span(one)[1] <= span(other)[0]
    submitted = [datetime.fromisoformat(job["SubmitTime"]) for job in run.jobs["train"]]
    assert submitted[1] < span(run.jobs["train"][0])[1], "there was nothing to wait for"


def test_training_that_ran_out_of_time_resumes_and_ends_with_the_same_bits(run):
    first, *others = attempts(run.jobs["train"])
    assert (first["JobState"], first["TimeLimit"]) == ("TIMEOUT", "00:01:00")
    assert (others[0]["TimeLimit"], others[-1]["JobState"]) == ("00:02:00", "COMPLETED")
    log = run.project.path("logs/train/vlad.log").read_text()
    last = log.split("--- tried again")[-1]
    assert run.hung_at_step >= 1 and "step 1/" not in last and "step 300/300" in last
    assert not run.project.path("state/train/vlad").exists()
    ours, theirs = (p.path(HANGS).read_bytes() for p in (run.project, run.undisturbed))
    assert ours == theirs


def test_shards_are_written_by_one_job_array(run):
    jobs = run.jobs["distil"]
    assert len({job["ArrayJobId"] for job in jobs}) == 1
    assert sorted(job["ArrayTaskId"] for job in jobs) == ["1", "2"]
    assert {job["JobState"] for job in jobs} == {"COMPLETED"}
    shards = run.project.path("distillation/teacher").glob("shard-*-of-00002.tfrecord")
    assert len(list(shards)) == 2
