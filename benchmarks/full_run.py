"""`python -m benchmarks.full_run`: an estimate of the hours of config/yt8m.yaml on several GPUs.

A simulation: no data set is read. The rates of the GPU are those measured by `benchmarks.gpu`, for
models that were not measured in proportion to their multiply-adds; everything else is an option.
Jobs start as soon as they can, those with the most work behind them first.
"""

import heapq
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import click

from yt8m.config.experiment import Experiment
from yt8m.config.model import ModelConfig
from yt8m.describing.costs import Costs
from yt8m.describing.reading import read_without_shards
from yt8m.describing.tables import cost_table
from yt8m.recipes import kind_of

TRAINED_ON, EVALUATED, TEST = 4_800_000, 230_000, 1_100_000
"""Videos of the splits of config/yt8m.yaml."""

MEASURED = {"netvlad": "netvlad1", "netfv": "netvlad1", "nextvlad": "nextvlad"}
MEASURED |= {"gated_dbof": "dbof1", "bilstm": "rnn2", "bigru": "rnn2"}
"""Kind of model -> the one whose rate was measured."""

START_SECONDS = 30.0
"""Of a job on a GPU: imports, building and compiling the model."""

QUANTISE_SECONDS, ENSEMBLE_SECONDS = 120.0, 300.0


@dataclass(frozen=True)
class Machine:
    """What jobs run on.

    gpus: how many, of any machine. per_training: GPUs of one training job. disk: bytes per second
    of all shards together. read: videos per second that one job reads. link: bytes per second
    between the GPUs of a job.
    """

    gpus: int
    per_training: int = 1
    disk: float = 4e9
    read: float = 8_462.0
    link: float = 50e9


@dataclass(frozen=True)
class Task:
    """A job: seconds, GPUs, and the names of those that must end before."""

    seconds: float
    gpus: int
    after: tuple[str, ...] = ()


class Rates:
    """Seconds that a model takes per video on one GPU."""

    def __init__(self, experiment: Experiment, costs: Mapping[str, Costs], measured: Path):
        rows = json.loads(measured.read_text())["rows"]
        rows = [row for row in rows if row["precision"] == "float32"]
        self._seconds = {(r["model"], r["work"]): 1 / r["videos_per_second"] for r in rows}
        self._experiment, self._costs = experiment, costs

    def of(self, name: str, work: str) -> float:
        """work: "training" or "predicting"."""
        measured = MEASURED[kind_of(self._experiment.models[name].recipe)]
        adds = self._costs[name].multiply_adds / self._costs[measured].multiply_adds
        return self._seconds[measured, work] * adds

    def step_seconds(self, name: str, machine: Machine) -> float:
        """Of a training step on the GPUs of a job: its part of the batch, and summed gradients.

        A ring of g GPUs sends and receives 2 (g - 1) / g times the gradients' bytes.
        """
        g, batch = machine.per_training, self._experiment.models[name].training.batch_size
        exchanged = 2 * (g - 1) / g * 4 * self._costs[name].parameters
        return self.of(name, "training") * batch + exchanged / machine.link


class Run:
    """The jobs of the whole run."""

    def __init__(self, experiment: Experiment, rates: Rates, machine: Machine):
        self._experiment, self._rates, self._machine = experiment, rates, machine
        self._ensembles = experiment.ensembles
        self._final = experiment.run.final

    @cached_property
    def tasks(self) -> dict[str, Task]:
        """By name, each after those that it waits for."""
        survey = Task(1.5e12 / self._machine.disk, 0)
        tasks = {"manifest": survey}
        students = self._members(self._final)
        (teacher,) = {self._experiment.models[name].teacher for name in students}
        for name in self._members(teacher):
            tasks |= self._model(name, ("manifest",))
        tasks |= self._ensemble(teacher)
        tasks |= self._distillation(teacher)
        distilled = tuple(name for name in tasks if name.startswith("distil"))
        tasks["distilled manifest"] = Task(60.0, 0, distilled)
        for name in students:
            tasks |= self._model(name, ("distilled manifest",))
        tasks |= self._ensemble(self._final)
        tasks["predict"] = self._predicted(self._members(self._final), TEST, (self._final,))
        return tasks

    def _members(self, ensemble: str) -> list[str]:
        return [*self._ensembles[ensemble].members]

    def _model(self, name: str, after: tuple[str, ...]) -> dict[str, Task]:
        config: ModelConfig = self._experiment.models[name]
        tasks, g = {}, self._machine.per_training
        for phase, epochs in (("train", config.training.epochs), ("ema", config.ema.epochs)):
            videos = TRAINED_ON * epochs
            steps = videos / (config.training.batch_size * g)
            seconds = steps * self._rates.step_seconds(name, self._machine)
            seconds = START_SECONDS + max(seconds, videos / (g * self._machine.read))
            tasks[f"{phase} {name}"] = Task(seconds, g, after)
            evaluated = self._predicted([name], EVALUATED, (f"{phase} {name}",))
            tasks[f"evaluate {phase} {name}"] = evaluated
            after = (f"{phase} {name}",)
        tasks[f"quantise {name}"] = Task(QUANTISE_SECONDS, 0, after)
        tasks[f"evaluate {name}"] = self._predicted([name], EVALUATED, (f"quantise {name}",))
        return tasks

    def _ensemble(self, name: str) -> dict[str, Task]:
        members = tuple(f"quantise {member}" for member in self._members(name))
        evaluated = self._predicted(self._members(name), EVALUATED, (name,))
        return {name: Task(ENSEMBLE_SECONDS, 0, members), f"evaluate {name}": evaluated}

    def _distillation(self, teacher: str) -> dict[str, Task]:
        jobs = 6_888 // self._experiment.distillation.shards_per_job
        job = self._predicted(self._members(teacher), TRAINED_ON / jobs, (teacher,))
        return {f"distil {number}": job for number in range(jobs)}

    def _predicted(self, members: list[str], videos: float, after: tuple[str, ...]) -> Task:
        seconds = sum(self._rates.of(member, "predicting") for member in members)
        return Task(START_SECONDS + videos * max(seconds, 1 / self._machine.read), 1, after)


def paths(tasks: Mapping[str, Task]) -> dict[str, float]:
    """Seconds of the longest chain of tasks that begins with each."""
    found: dict[str, float] = {}
    behind: dict[str, float] = dict.fromkeys(tasks, 0.0)
    for name in reversed(tasks):
        found[name] = tasks[name].seconds + behind[name]
        for before in tasks[name].after:
            behind[before] = max(behind[before], found[name])
    return found


def simulated(tasks: Mapping[str, Task], gpus: int) -> float:
    """Seconds until all tasks have ended, the longest chain first."""
    urgency, open_ = paths(tasks), {name: len(task.after) for name, task in tasks.items()}
    followers: dict[str, list[str]] = {name: [] for name in tasks}
    for name, task in tasks.items():
        for before in task.after:
            followers[before].append(name)
    ready = sorted((name for name, count in open_.items() if not count), key=urgency.get)
    running: list[tuple[float, str]] = []
    now = 0.0
    while ready or running:
        for name in sorted(ready, key=urgency.get, reverse=True):
            if tasks[name].gpus <= gpus:
                gpus -= tasks[name].gpus
                ready.remove(name)
                heapq.heappush(running, (now + tasks[name].seconds, name))
        now, ended = heapq.heappop(running)
        gpus += tasks[ended].gpus
        for name in followers[ended]:
            open_[name] -= 1
            if not open_[name]:
                ready.append(name)
    return now


@click.command()
@click.argument("config", default="config/yt8m.yaml", type=click.Path(path_type=Path))
@click.option("--measured", default="docs/data/gpu.json", type=click.Path(path_type=Path))
@click.option("--read", default=8_462.0, show_default=True, help="Videos that a GPU's job reads.")
@click.option("--disk", default=4e9, show_default=True, help="Bytes per second of all shards.")
@click.option("--link", default=50e9, show_default=True, help="Bytes per second between GPUs.")
def main(config: Path, measured: Path, read: float, disk: float, link: float) -> None:
    """Print hours by the number of GPUs, and of GPUs per training job."""
    experiment = read_without_shards((config,))
    rates = Rates(experiment, cost_table(experiment), measured)
    click.echo("| GPUs | GPUs of a training job | hours | longest chain | GPUs in use |")
    click.echo("|---:|---:|---:|---:|---:|")
    base = Machine(1, disk=disk, read=read, link=link)
    for gpus, per_training in ((1, 1), (8, 1), (8, 4), (64, 1), (64, 4), (64, 8)):
        machine = replace(base, gpus=gpus, per_training=per_training)
        tasks = Run(experiment, rates, machine).tasks
        hours, chain = simulated(tasks, gpus) / 3600, max(paths(tasks).values()) / 3600
        used = sum(t.seconds * t.gpus for t in tasks.values()) / 3600 / (hours * gpus)
        click.echo(f"| {gpus} | {per_training} | {hours:.1f} | {chain:.1f} | {used:.0%} |")


if __name__ == "__main__":
    main()
