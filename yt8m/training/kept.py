"""Results that wait in the folder of state of a task until its own command puts them in place.

A process that trains several models, one after the other, keeps each result there: of the models
after its own, whose commands run later, and of its own, which is lost if the process is killed
before it ends, because Snakemake removes the outputs of a job that was cut off. A result is in

    <state>/<key>/finished/    weights.safetensors, history.csv, by.json (the model of the process)

The key covers everything that the weights depend on (`Task.key`), so a result is never taken for
that of other settings, records or code.
"""

import json
import math
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from yt8m.artefacts import HISTORY, WEIGHTS
from yt8m.atomic import replacing
from yt8m.errors import ArtefactError
from yt8m.json_files import TEXT, read_json, write_json
from yt8m.locks import locked, locked_results
from yt8m.state import remove_states
from yt8m.training.task import Task
from yt8m.weights import load_weights

FOLDER = "finished"
"""Folder, in that of a task's state, of its result."""

BY = "by.json"
"""File in that folder: the name of the model whose command has made the result."""

CLAIM = "claim"
"""Folder, beside those of states, whose lock belongs to the process that makes this result."""


def kept(task: Task) -> Path:
    """The folder of a task's result, made on one device."""
    return task.files.state / task.key() / FOLDER


def is_kept(task: Task) -> bool:
    """Whether the result of a task is there, undamaged; the weights are written last."""
    weights = kept(task) / WEIGHTS
    if not weights.exists():
        return False
    try:
        return load_weights(weights)[1] == json.loads(json.dumps(task.header))
    except ArtefactError:
        return False


def say_who(task: Task, name: str) -> None:
    """Note that the command of the model `name` makes the result of this task."""
    write_json(kept(task) / BY, {"by": name})


def made_by(task: Task) -> str:
    """The name of the model whose command has made the result of a task."""
    return read_json(kept(task) / BY, {"by": TEXT})["by"]


def put_in_place(task: Task) -> None:
    """Copy the result of a task to its outputs. Raises LockError while another process has them."""
    with locked_results(task.files.out):
        for name in (HISTORY, WEIGHTS):
            with replacing(task.files.out / name) as temporary:
                shutil.copyfile(kept(task) / name, temporary)


def forget(task: Task) -> None:
    """Remove the result of a task from its folder of state, and all states there."""
    remove_states(task.files.state)


@contextmanager
def claimed(task: Task, patience: float = math.inf) -> Iterator[None]:
    """While the block runs, no other process works ahead on this task.

    patience: seconds to wait for one that does. Raises LockError after that.
    """
    state = task.files.state
    try:
        with locked(state / CLAIM, state, patience):
            yield
    finally:
        with suppress(OSError):
            state.rmdir()
