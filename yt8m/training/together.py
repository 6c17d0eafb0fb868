"""The work of several commands in one process, one after the other, each with its own bits.

The import of TensorFlow takes longer than the training or the evaluation of a small model. So the
process of one command also works ahead for commands that run later: their results are kept
(`yt8m.training.kept`), and these commands only put them in place. Work that fails, or is
interrupted, does so in its own command, for training from the state where it was.
"""

import gc
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from yt8m.errors import LockError, Yt8mError
from yt8m.parent import OrphanedError
from yt8m.stderr import say
from yt8m.training.interruption import Interrupted
from yt8m.training.kept import claimed, forget, is_kept, kept, made_by, say_who
from yt8m.training.work import Work


@dataclass(frozen=True)
class Waiting:
    """Work whose command runs later.

    read: the work; may raise errors, which its command will report. made: the file that its
    command puts in place last.
    """

    read: Callable[[], Work]
    made: Path
    _before: tuple[int, int] | None = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_before", _stamp(self.made))

    def is_made(self) -> bool:
        """Whether its command has made its result since this object was created."""
        now = _stamp(self.made)
        return now is not None and now != self._before


def work_together(own: Work, others: Sequence[Waiting], start: Callable[[], None]) -> None:
    """Make the own result; then work ahead on others, as far as nobody else does.

    Waits for a process that works ahead on the own result, and takes it over. start: sets up
    TensorFlow; it is not called if there is nothing to make.
    Raises the errors of `own.make`; Interrupted also while working ahead.
    """
    with claimed(own):
        if is_kept(own):
            _take_over(own)
            return
        start()
        _keep(own, own.name)
        own.put_in_place(kept(own))
        for other in others:
            if not _work_ahead(other, own.name):
                break
        forget(own)


def _take_over(work: Work) -> None:
    by = made_by(work)
    if by != work.name:
        say(f"{work.title}: done ahead by the command of {by}, in whose log the progress is")
    work.put_in_place(kept(work))
    forget(work)


def _work_ahead(other: Waiting, name: str) -> bool:
    """Keep the result of other work unless it is made elsewhere. Returns whether to go on."""
    try:
        work = other.read()
        with claimed(work, patience=0.0):
            if not other.is_made() and not is_kept(work):
                say(f"{work.title}, ahead of its own command:")
                _start_afresh()
                _keep(work, name)
    except (Interrupted, OrphanedError):
        raise
    except LockError:  # its command has begun
        return True
    except Exception as error:  # such as too little memory
        say(f"{other.made.parent}: is left to its own command: {error}")
        return isinstance(error, Yt8mError | OSError)
    return True


def _keep(work: Work, name: str) -> None:
    say_who(work, name)
    work.make(kept(work))


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
