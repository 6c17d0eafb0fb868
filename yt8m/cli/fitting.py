"""How `train` and `ema` train: one model, or several in one process."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import click

together = click.option(
    "--together",
    is_flag=True,
    help="Wait for a command that trains this model ahead (--ahead), and take over its result. For "
    "one device at most.",
)


def ahead(*files: str) -> Callable:
    """The option `--ahead`, which takes these files of another model."""
    return click.option(
        "--ahead",
        type=(click.Path(path_type=Path),) * len(files),
        multiple=True,
        metavar=" ".join(files),
        help="Another model, to be trained afterwards in this process unless its own command, with "
        "--together, has begun; its result waits in STATE for that command. Repeat for each.",
    )


def fit(
    read: Callable[..., Any],
    own: Sequence[Path | None],
    others: Sequence[Sequence[Path]] | None,
    state_seconds: float,
    start: Callable[[], None],
) -> None:
    """Train a model; then others, if they are given, unless their commands do so themselves.

    read: a function from a model's files to its `Task`. own: this command's files, of which the
    last three are `out`, the state and TensorBoard. others: those of other models; None without
    --together. start: sets up TensorFlow.
    """
    if others is None:
        task = read(*own)
        start()
        from yt8m.training.run import run

        run(task, state_seconds)
        return
    from yt8m.artefacts import WEIGHTS
    from yt8m.training.together import Waiting, work_together
    from yt8m.training.work import Training

    def work(*files: Path) -> Training:
        return Training(read(*files), state_seconds)

    waiting = [Waiting(partial(work, *files), files[-3] / WEIGHTS) for files in others]
    work_together(work(*own), waiting, start)


def others_of(together: bool, ahead: Sequence[Sequence[Path]]) -> Sequence[Sequence[Path]] | None:
    """The models to train ahead; None without --together.

    Raises UsageError for a lone --ahead.
    """
    if ahead and not together:
        raise click.UsageError("--ahead needs --together")
    return ahead if together else None
