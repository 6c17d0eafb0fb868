"""A worker's place from what Slurm tells a process; `scontrol` is a script with its output."""

import pytest

from yt8m.errors import TrainingError
from yt8m.training.workers.slurm import FIRST_PORT, PORTS, slurm_place

STEP = {
    "SLURM_JOB_ID": "1234567",
    "SLURM_STEP_ID": "0",
    "SLURM_PROCID": "2",
    "SLURM_STEP_NODELIST": "node[2,10]",
    "SLURM_STEP_TASKS_PER_NODE": "2,1",
}
SCONTROL = """#!/bin/sh
case "$*" in
"show hostnames node[2,10]") printf 'node2\\nnode10\\n';;
"--oneliner show nodes node[2,10]")
    echo 'NodeName=node10 Arch=x86_64 NodeAddr=10.0.0.10 NodeHostName=node10 Version=22'
    echo 'NodeName=node2 Arch=x86_64 NodeAddr=10.0.0.2 NodeHostName=node2 Version=22';;
*) echo "slurm_load: no such thing" >&2; exit 1;;
esac
"""


@pytest.fixture
def scontrol(tmp_path, monkeypatch):
    path = tmp_path / "scontrol"
    path.write_text(SCONTROL)
    path.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")


def test_nodes_keep_the_order_of_the_step_and_have_their_own_addresses(scontrol):
    """Not the order of their names, in which node10 is before node2."""
    place = slurm_place(STEP)
    assert [address.host for address in place.addresses] == ["10.0.0.2", "10.0.0.2", "10.0.0.10"]
    assert place.number == 2


@pytest.mark.parametrize("job", [1, 2, 311, 312, 313, 99_999_999])
def test_ports_are_free_to_take_and_apart_from_those_of_the_next_step_and_job(scontrol, job):
    of_step, *others = (
        {
            address.port
            for address in slurm_place(
                STEP | {"SLURM_JOB_ID": str(j), "SLURM_STEP_ID": str(step)}
            ).addresses
        }
        for j, step in ((job, 0), (job, 1), (job, 2), (job + 1, 0), (job + 1, 1))
    )
    assert len(of_step) == 3 and not any(of_step & other for other in others)
    assert all(FIRST_PORT <= port < FIRST_PORT + PORTS for port in of_step)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"SLURM_PROCID": None}, "SLURM_PROCID is not set, so this is not a process that srun"),
        ({"SLURM_STEP_NODELIST": "node3"}, "`scontrol show hostnames node3` fails: slurm_load: no"),
        ({"SLURM_STEP_ID": "batch"}, "Slurm tells .*'batch'; give the addresses of all workers"),
        ({"SLURM_STEP_TASKS_PER_NODE": "3"}, "Slurm tells 2 nodes with processes on 1; give"),
        ({"SLURM_STEP_TASKS_PER_NODE": "1,1"}, "the step of job 1234567 names 2 workers, so this"),
    ],
)
def test_what_is_no_step_of_several_processes_is_refused(scontrol, change, problem):
    environment = {k: v for k, v in (STEP | change).items() if v is not None}
    with pytest.raises(TrainingError, match=problem):
        slurm_place(environment)


def test_a_machine_without_slurm_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(
        TrainingError, match=r"No such file .*'scontrol'; give the addresses of all"
    ):
        slurm_place(STEP)
