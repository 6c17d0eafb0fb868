"""Results that wait in the folder of state of some work until its own command puts them in place.

A process that does the work of several commands, one after the other, keeps each result there: of
the commands that run later, and of its own, which is lost if the process is killed before it ends,
because Snakemake removes the outputs of a job that was cut off. A result is in

    <state>/<key>/finished/    its files, and by.json (whose command has made them)

The key covers everything that the result depends on (`Work.key`), so a result is never taken for
that of other settings, records or code.
"""

import math
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from yt8m.json_files import TEXT, read_json, write_json
from yt8m.locks import locked
from yt8m.state import remove_states
from yt8m.training.work import Work

FOLDER = "finished"
"""Folder, in that of the state of some work, of its result."""

BY = "by.json"
"""File in that folder: the name of the work whose command has made the result."""

CLAIM = "claim"
"""Folder, beside those of states, whose lock belongs to the process that makes this result."""


def kept(work: Work) -> Path:
    """The folder of the result."""
    return work.state / work.key() / FOLDER


def is_kept(work: Work) -> bool:
    """Whether the result is there, undamaged."""
    return work.is_whole(kept(work))


def say_who(work: Work, name: str) -> None:
    """Note that the command of the work `name` makes this result."""
    write_json(kept(work) / BY, {"by": name})


def made_by(work: Work) -> str:
    """The name of the work whose command has made this result."""
    return read_json(kept(work) / BY, {"by": TEXT})["by"]


def forget(work: Work) -> None:
    """Remove the result from its folder of state, and all states there."""
    remove_states(work.state)


@contextmanager
def claimed(work: Work, patience: float = math.inf) -> Iterator[None]:
    """While the block runs, no other process works ahead on this.

    patience: seconds to wait for one that does. Raises LockError after that.
    """
    try:
        with locked(work.state / CLAIM, work.state, patience):
            yield
    finally:
        with suppress(OSError):
            work.state.rmdir()
