"""Work that the process of one command may do for others, and a phase of training as such work."""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from yt8m.artefacts import HISTORY, WEIGHTS
from yt8m.atomic import replacing
from yt8m.errors import ArtefactError
from yt8m.locks import locked_results
from yt8m.training.task import Task
from yt8m.weights import load_weights


class Work(Protocol):
    """What one command makes; its methods get the folder where its result waits."""

    @property
    def name(self) -> str:
        """Whose work it is, such as a model's, for messages of other commands."""

    @property
    def title(self) -> str:
        """What it is, for messages, such as "train vlad"."""

    @property
    def state(self) -> Path:
        """The folder of its saved state."""

    def key(self) -> str:
        """A name for its result, derived from everything that the result depends on."""

    def make(self, folder: Path) -> None:
        """Make the result; raises errors if that fails."""

    def is_whole(self, folder: Path) -> bool:
        """Whether the result is there, undamaged."""

    def put_in_place(self, folder: Path) -> None:
        """Copy the result to the outputs of its command."""


@dataclass(frozen=True)
class Training:
    """A phase of training as work. state_seconds: between saves of its state."""

    task: Task
    state_seconds: float

    @property
    def name(self) -> str:
        """The model's name."""
        return self.task.config.name

    @property
    def title(self) -> str:
        """The title of the phase."""
        return self.task.phase.title

    @property
    def state(self) -> Path:
        """The folder of the task's state."""
        return self.task.files.state

    def key(self) -> str:
        """The key of the task on one device."""
        return self.task.key()

    def make(self, folder: Path) -> None:
        """Train, or go on from a saved state. Raises the errors of `yt8m.training.run.run`."""
        from yt8m.training.run import run

        run(self.task, self.state_seconds, folder)

    def is_whole(self, folder: Path) -> bool:
        """Whether the weights, which are written last, are undamaged and those of the task."""
        weights = folder / WEIGHTS
        if not weights.exists():
            return False
        try:
            return load_weights(weights)[1] == json.loads(json.dumps(self.task.header))
        except ArtefactError:
            return False

    def put_in_place(self, folder: Path) -> None:
        """Copy weights and history. Raises LockError while another process has the outputs."""
        out = self.task.files.out
        with locked_results(out):
            for name in (HISTORY, WEIGHTS):
                with replacing(out / name) as temporary:
                    shutil.copyfile(folder / name, temporary)
