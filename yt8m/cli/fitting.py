"""How `train` and `ema` train: one model, or several in one process."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from functools import cached_property, partial, wraps
from pathlib import Path
from typing import Any

import click

from yt8m.cli import options
from yt8m.cli.output import fitted, say
from yt8m.training.workers.addresses import JOINING_SECONDS

_soft_labels = click.option(
    "--soft-labels", type=options.FILE, help="For a student: manifest of its teacher's soft labels."
)
_validate = click.option(
    "--validate",
    "validation",
    type=options.FILE,
    help="For a model with `training.validate`: manifest of the split to measure it on meanwhile.",
)
_tensorboard = click.option(
    "--tensorboard", type=options.NEW_FOLDER, help="Folder for TensorBoard event files."
)
_together = click.option(
    "--together",
    is_flag=True,
    help="Wait for a command that trains this model ahead (--ahead), and take over its result. For "
    "one device at most.",
)


_workers = options.with_options(
    click.option(
        "--workers",
        metavar="HOST:PORT,...",
        help="Train with several processes, on one or several machines: the addresses of all, or "
        "`slurm` for those that srun has started. Run the same command for each.",
    ),
    click.option(
        "--worker",
        type=options.FROM_ZERO,
        help="Which of them this one is, from 0. Worker 0 writes the results.",
    ),
    click.option(
        "--wait",
        type=options.FROM_ONE,
        help=f"Seconds to wait for the other workers at the start.  [default: {JOINING_SECONDS}]",
    ),
)


def _ahead(*files: str) -> Callable:
    """The option `--ahead`, which takes these files of another model."""
    return click.option(
        "--ahead",
        type=(click.Path(path_type=Path),) * len(files),
        multiple=True,
        metavar=" ".join(files),
        help="Another model, to be trained afterwards in this process unless its own command, with "
        "--together, has begun; its result waits in STATE for that command. Repeat for each.",
    )


@dataclass(frozen=True)
class Given:
    """The values of the options that `train` and `ema` share.

    records, soft_labels, validation: manifests. teacher: its fingerprint. ahead: the files of each
    other model, in the order of `fit`.
    """

    records: Path
    soft_labels: Path | None
    teacher: Path | None
    validation: Path | None
    state: Path
    state_seconds: int
    tensorboard: Path | None
    together: bool
    ahead: Sequence[Sequence[Path]]
    workers: str | None
    worker: int | None
    wait: int | None
    out: Path

    @cached_property
    def _data(self):
        return options.read_training_data(self.records, self.soft_labels, self.teacher)

    def files(self, settings, out: Path, state: Path, tensorboard: Path | None):
        """What a model with these settings is trained on, and the places of its results."""
        from yt8m.training.task import Files

        return Files(*self._data, out, state, tensorboard, self._sample(settings))

    def _sample(self, settings):
        """What a model with these settings is validated on, or None."""
        if self.validation is None:
            return None
        from yt8m.config.validation import Validation
        from yt8m.data.manifest import read_manifest
        from yt8m.training.sample import Sample

        training = settings.training
        videos = (training.validate or Validation()).videos
        batch_size = training.batch_size // training.micro_batches
        return Sample(read_manifest(self.validation), videos, batch_size)


def fits(*files: str) -> Callable:
    """Give a command the options of training; it gets their values as `given`.

    files: names of what `--ahead` takes of another model.
    """
    shared = options.with_options(
        options.records,
        _soft_labels,
        options.taught_by,
        _validate,
        options.state,
        options.state_seconds,
        _tensorboard,
        _together,
        _ahead(*files),
        _workers,
        options.out_folder,
    )

    def add(command: Callable) -> Callable:
        @wraps(command)
        def run(**values):
            given = Given(**{field.name: values.pop(field.name) for field in fields(Given)})
            return command(given=given, **values)

        return shared(run)

    return add


def fit(
    read: Callable[..., Any], own: Sequence[Path], given: Given, start: Callable[[], None]
) -> None:
    """Train a model, and say what was written; then others, unless their commands do so themselves.

    read: a function from a model's files to its `Task`. own: this command's, followed by `out`, the
    state and TensorBoard. start: sets up TensorFlow.
    Raises UsageError for a lone --ahead.
    """
    others, state_seconds = others_of(given.together, given.ahead), given.state_seconds
    place = place_of(given.workers, given.worker)
    if others is not None and place:
        raise click.UsageError("--together is for one process; leave it out, or --workers")
    own = (*own, given.out, given.state, given.tensorboard)
    if others is None:
        task = read(*own)
        start()
        from yt8m.training.run import run
        from yt8m.training.workers.joining import Workers

        workers = place and Workers(place, given.wait or JOINING_SECONDS)
        run(task, state_seconds, workers=workers)
        if place is None or place.is_chief:
            say(fitted(given.out))
        return
    from yt8m.artefacts import WEIGHTS
    from yt8m.training.together import Waiting, work_together
    from yt8m.training.work import Training

    def work(*files: Path) -> Training:
        return Training(read(*files), state_seconds)

    waiting = [Waiting(partial(work, *files), files[-3] / WEIGHTS) for files in others]
    work_together(work(*own), waiting, start)
    say(fitted(given.out))


def others_of(together: bool, ahead: Sequence[Sequence[Path]]) -> Sequence[Sequence[Path]] | None:
    """The models to train ahead; None without --together.

    Raises UsageError for a lone --ahead.
    """
    if ahead and not together:
        raise click.UsageError("--ahead needs --together")
    return ahead if together else None


def place_of(workers: str | None, worker: int | None):
    """The addresses of all workers, and which of them this process is; None for a lone one.

    Raises UsageError unless both options are given, or neither, or `--workers slurm` alone.
    """
    if workers is None and worker is None:
        return None
    from yt8m.training.workers.addresses import Place, read_addresses
    from yt8m.training.workers.slurm import slurm_place

    if workers == "slurm":
        if worker is not None:
            raise click.UsageError("--workers slurm knows which worker this is; leave out --worker")
        return slurm_place(os.environ)
    if workers is None or worker is None:
        raise click.UsageError("--workers and --worker need each other")
    try:
        return Place(read_addresses(workers), worker)
    except ValueError as error:
        raise click.UsageError(f"--workers {error}") from None
