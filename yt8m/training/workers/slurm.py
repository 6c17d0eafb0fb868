"""The workers of a step of a Slurm job: a process each, started by `srun`.

Slurm tells a process the nodes of its step, how many processes each of them has, and its number
(srun(1), "OUTPUT ENVIRONMENT VARIABLES"). `scontrol` expands the list of nodes, and knows their
addresses, which need not be their names.
"""

import re
import subprocess
from collections.abc import Iterator, Mapping

from yt8m.errors import TrainingError
from yt8m.training.workers.addresses import Address, Place

FIRST_PORT, PORTS = 10_000, 20_000
"""Ports of workers are among these: below those that Linux gives to outgoing connections."""

APART, STEPS = 64, 5
"""Ports between those of two steps in a row, and steps between two jobs, so that the workers of
some may share a node."""


def slurm_place(environment: Mapping[str, str]) -> Place:
    """The workers of the step that this process belongs to.

    Raises TrainingError outside of a step of Slurm, or if Slurm cannot be asked.
    """
    try:
        job, step, number = (
            int(environment[f"SLURM_{word}"]) for word in ("JOB_ID", "STEP_ID", "PROCID")
        )
        nodes = environment["SLURM_STEP_NODELIST"]
        counts = list(_counts(environment["SLURM_STEP_TASKS_PER_NODE"]))
    except KeyError as error:
        raise TrainingError(
            f"--workers slurm: {error.args[0]} is not set, so this is not a process that srun has "
            "started; start it by `srun`, or give the addresses of all workers and --worker"
        ) from None
    except ValueError as error:
        raise _unexpected(str(error)) from None
    hosts = _addresses_of(nodes)
    if len(hosts) != len(counts):
        raise _unexpected(f"{len(hosts)} nodes with processes on {len(counts)}")
    places = [host for host, count in zip(hosts, counts, strict=True) for _ in range(count)]
    first = FIRST_PORT + (job * STEPS + step) * APART % (PORTS - len(places))
    addresses = tuple(Address(host, first + n) for n, host in enumerate(places))
    try:
        return Place(addresses, number)
    except ValueError as error:
        raise TrainingError(f"--workers slurm: the step of job {job} {error}") from None


def _counts(text: str) -> Iterator[int]:
    """Processes of each node: "2(x3),1" stands for 2, 2, 2, 1."""
    for count, times in re.findall(r"(\d+)(?:\(x(\d+)\))?", text):
        yield from [int(count)] * int(times or 1)


def _addresses_of(nodes: str) -> list[str]:
    """The addresses of the nodes of a list such as "node[2,10]", in its order."""
    names = _scontrol("show", "hostnames", nodes).split()
    about = _scontrol("--oneliner", "show", "nodes", nodes).splitlines()
    matches = (re.match(r"NodeName=(\S+).*? NodeAddr=(\S+)", line) for line in about)
    found = dict(match.groups() for match in matches if match)
    if unknown := next((name for name in names if name not in found), None):
        raise _unexpected(f"no address of node {unknown}")
    return [found[name] for name in names]


def _unexpected(what: str) -> TrainingError:
    return TrainingError(
        f"--workers slurm: Slurm tells {what}; give the addresses of all workers and --worker"
    )


def _scontrol(*words: str) -> str:
    try:
        done = subprocess.run(["scontrol", *words], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        said = (getattr(error, "stderr", "") or str(error)).strip()
        raise TrainingError(
            f"--workers slurm: `scontrol {' '.join(words)}` fails: {said}; give the addresses of "
            "all workers and --worker"
        ) from None
    return done.stdout
