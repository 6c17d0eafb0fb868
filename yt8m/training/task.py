"""One phase of training of one model: what it depends on, and its files; without TensorFlow."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from yt8m.config.compression import Recovery
from yt8m.config.model import ModelConfig
from yt8m.config.training import Averaging
from yt8m.data.manifest import Manifest
from yt8m.origins import trained_on
from yt8m.recipes import as_entry, recipe_modules
from yt8m.sources import digest_of
from yt8m.state import state_key
from yt8m.weights import read_header


@dataclass(frozen=True)
class Phase:
    """A phase of training: what differs between fitting, averaging and fine-tuning.

    title: for messages, such as "train NetVLAD". epochs: passes over the records. learning_rate:
        the initial one.
    """

    title: str
    epochs: int
    learning_rate: float


@dataclass(frozen=True)
class Files:
    """What a phase reads and writes.

    records: the training split. soft_labels: of the teacher, for a student whose records do not
        contain them. out: folder of the weights and the history. state: folder for saved state.
    tensorboard: folder for event files, or None.
    """

    records: Manifest
    soft_labels: Manifest | None
    out: Path
    state: Path
    tensorboard: Path | None = None


@dataclass(frozen=True)
class Task:
    """One phase of training of one model.

    header: of the weights that it makes. start: the weights that it starts from; None for new ones.
    averaging: how weights are averaged; None to keep the last.
    """

    config: ModelConfig
    phase: Phase
    header: Mapping[str, Any]
    files: Files
    start: Path | None = None
    averaging: Averaging | None = None

    def key(self, replicas: int = 1) -> str:
        """Name of the saved state, derived from everything that the weights depend on.

        replicas: number of devices. With another number, the same number of steps would have seen
            other videos.
        """
        phase, files = self.phase, self.files
        soft_labels = files.soft_labels
        return state_key(
            self.config.entry("trained"),
            [phase.title, phase.epochs, phase.learning_rate],
            as_entry(self.averaging) if self.averaging is not None else None,
            replicas,
            [shard.digest for shard in files.records.shards],
            [shard.digest for shard in soft_labels.shards] if soft_labels else None,
            hashlib.sha256(self.start.read_bytes()).hexdigest() if self.start is not None else None,
            digest_of("yt8m.training.run", *recipe_modules(self.config.recipe)),
        )


def fitting_task(config: ModelConfig, files: Files) -> Task:
    """The task of fitting a new model."""
    phase = Phase(f"train {config.name}", config.training.epochs, config.training.learning_rate)
    return Task(
        config, phase, trained_on(config, "trained", files.records, files.soft_labels), files
    )


def averaging_task(config: ModelConfig, files: Files, source: Path) -> Task:
    """The task of training on from the weights `source`, and averaging by `config.ema`.

    Raises ArtefactError if `source` cannot be read.
    """
    phase = Phase(f"average {config.name}", config.ema.epochs, config.ema.learning_rate)
    digest = read_header(source)[1]
    header = trained_on(config, "ema", files.records, files.soft_labels, digest)
    return Task(config, phase, header, files, source, config.ema)


def fine_tuning_task(config: ModelConfig, files: Files, source: Path, recovery: Recovery) -> Task:
    """The task of training the codebooks and float32 variables of the quantised weights `source`.

    Raises ArtefactError if `source` cannot be read.
    """
    phase = Phase(f"fine-tune {config.name}", recovery.epochs, recovery.learning_rate)
    return Task(config, phase, read_header(source)[0], files, source)
