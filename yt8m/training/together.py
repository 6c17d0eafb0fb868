"""Several models in one process, one after the other, each with the bits that it has alone.

The import of TensorFlow takes longer than the training of a small model. So the process of one
model's command also works ahead on models whose commands run later: their results are kept
(`yt8m.training.kept`), and their commands only put them in place. A model that fails, or is
interrupted, does so in its own command, from the state where it was.
"""

import gc
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from yt8m.artefacts import WEIGHTS
from yt8m.errors import LockError, Yt8mError
from yt8m.parent import OrphanedError
from yt8m.training.interruption import Interrupted
from yt8m.training.kept import (
    claimed,
    forget,
    is_kept,
    kept,
    made_by,
    put_in_place,
    say_who,
)
from yt8m.training.task import Task


@dataclass(frozen=True)
class Waiting:
    """A task whose command runs later.

    read: the task; may raise errors, which its command will report. out: its folder of results.
    """

    read: Callable[[], Task]
    out: Path
    _before: tuple[int, int] | None = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_before", _stamp(self.out / WEIGHTS))

    def is_made(self) -> bool:
        """Whether its command has made the weights since this object was created."""
        now = _stamp(self.out / WEIGHTS)
        return now is not None and now != self._before


def train_together(
    own: Task, others: Sequence[Waiting], state_seconds: float, start: Callable[[], None]
) -> None:
    """Make the result of a task; then work ahead on others, as far as nobody else does.

    Waits for a process that works ahead on the own task, and takes over its result. start: sets up
    TensorFlow; it is not called if there is nothing to train.
    Raises the errors of `yt8m.training.run.train` and `average` for the own task; Interrupted also
    while working ahead.
    """
    name = own.config.name
    with claimed(own):
        if is_kept(own):
            _take_over(own)
            return
        start()
        _keep(own, name, state_seconds)
        put_in_place(own)
        for other in others:
            if not _work_ahead(other, name, state_seconds):
                break
        forget(own)


def _take_over(task: Task) -> None:
    by = made_by(task)
    if by != task.config.name:
        _say(f"{task.phase.title}: done ahead by the command of {by}, in whose log the progress is")
    put_in_place(task)
    forget(task)


def _work_ahead(other: Waiting, name: str, state_seconds: float) -> bool:
    """Keep the result of a task unless it is made elsewhere. Returns whether to go on."""
    try:
        task = other.read()
        with claimed(task, patience=0.0):
            if not other.is_made() and not is_kept(task):
                _say(f"{task.phase.title}, ahead of its own command:")
                _start_afresh()
                _keep(task, name, state_seconds)
    except (Interrupted, OrphanedError):
        raise
    except LockError:  # its command has begun
        return True
    except Exception as error:  # such as too little memory
        _say(f"{other.out}: is left to its own command: {error}")
        return isinstance(error, Yt8mError | OSError)
    return True


def _keep(task: Task, name: str, state_seconds: float) -> None:
    from yt8m.training.run import run

    say_who(task, name)
    run(task, state_seconds, kept(task))


def _start_afresh() -> None:
    """Free the model before, its graph and its names."""
    import keras

    keras.backend.clear_session()
    gc.collect()


def _stamp(path: Path) -> tuple[int, int] | None:
    """What tells a file from one that replaces it; None if there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
