"""The simulated run is as long as the rules of its jobs say."""

from dataclasses import replace

import pytest

from benchmarks.full_run import Task, paths, simulated

TASKS = {
    "records": Task(2.0, 0),
    "long": Task(9.0, 1, ("records",)),
    "short": Task(3.0, 1, ("records",)),
    "other": Task(4.0, 1, ("records",)),
    "last": Task(1.0, 2, ("long", "short")),
}


def test_the_longest_chain_counts_each_job_and_what_waits_for_it():
    chains = {"records": 12.0, "long": 10.0, "short": 4.0, "other": 4.0, "last": 1.0}
    assert paths(TASKS) == chains


@pytest.mark.parametrize(("gpus", "seconds"), [(2, 12.0), (3, 12.0), (64, 12.0)])
def test_no_number_of_gpus_is_faster_than_the_longest_chain(gpus, seconds):
    assert simulated(TASKS, gpus) == seconds


def test_on_one_gpu_jobs_wait_for_each_other():
    alone = {name: replace(task, gpus=min(task.gpus, 1)) for name, task in TASKS.items()}
    assert simulated(alone, 1) == 2.0 + 9.0 + 3.0 + 4.0 + 1.0
