"""One phase of training of one model: what it depends on, and its files; without TensorFlow."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from yt8m.config.compression import Recovery
from yt8m.config.model import ModelConfig
from yt8m.config.training import Averaging
from yt8m.data.manifest import Manifest
from yt8m.errors import ArtefactError, TrainingError
from yt8m.origins import trained_on
from yt8m.recipes import as_entry
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


class Measuring(Protocol):
    """A `yt8m.training.sample.Sample`, which only runs with validation import."""

    manifest: Manifest

    def measure(self, predict: Callable) -> dict[str, float]:
        """Measure a function that predicts."""


@dataclass(frozen=True)
class Files:
    """What a phase reads and writes.

    records: the training split. soft_labels: of the teacher, for a student whose records do not
        contain them. out: folder of the weights and the history. state: folder for saved state.
    tensorboard: folder for event files, or None. sample: what `training.validate` measures on.
    """

    records: Manifest
    soft_labels: Manifest | None
    out: Path
    state: Path
    tensorboard: Path | None = None
    sample: Measuring | None = None

    @property
    def validated_on(self) -> Manifest | None:
        """The records of the sample."""
        return self.sample.manifest if self.sample else None

    @property
    def manifests(self) -> list[Manifest]:
        """Those of all that is read."""
        return [m for m in (self.records, self.soft_labels, self.validated_on) if m is not None]


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
        return state_key(*self.depends_on(replicas).values())

    def depends_on(self, replicas: int = 1) -> dict[str, Any]:
        """What that name is derived from: JSON values by what they are of."""
        phase, files, start = self.phase, self.files, self.start
        soft_labels = files.soft_labels
        return {
            "config": self.config.entry("trained"),
            "phase": [phase.title, phase.epochs, phase.learning_rate],
            "averaging": as_entry(self.averaging) if self.averaging is not None else None,
            "replicas": replicas,
            "records": [s.content for s in files.records.shards],
            "soft_labels": [s.content for s in soft_labels.shards] if soft_labels else None,
            "start": hashlib.sha256(start.read_bytes()).hexdigest() if start else None,
            "validation": files.sample.manifest.digest if files.sample else None,
            "code": digest_of(*self.config.training_modules),
        }


def fitting_task(config: ModelConfig, files: Files) -> Task:
    """The task of fitting a new model.

    Raises TrainingError unless there is a sample exactly if the model is validated; ArtefactError
    if the sample is of other records, or of those that are trained on.
    """
    _check_sample(config, files)
    phase = Phase(f"train {config.name}", config.training.epochs, config.training.learning_rate)
    made_from = (files.records, files.soft_labels)
    header = trained_on(config, "trained", *made_from, validated_on=files.validated_on)
    return Task(config, phase, header, files)


def averaging_task(config: ModelConfig, files: Files, source: Path) -> Task:
    """The task of training on from the weights `source`, and averaging by `config.ema`.

    Raises the errors of `fitting_task`; ArtefactError also if `source` cannot be read.
    """
    _check_sample(config, files)
    phase = Phase(f"average {config.name}", config.ema.epochs, config.ema.learning_rate)
    made_from = (files.records, files.soft_labels, read_header(source)[1])
    header = trained_on(config, "ema", *made_from, files.validated_on)
    return Task(config, phase, header, files, source, config.ema)


def fine_tuning_task(config: ModelConfig, files: Files, source: Path, recovery: Recovery) -> Task:
    """The task of training the codebooks and float32 variables of the quantised weights `source`.

    Raises ArtefactError if `source` cannot be read.
    """
    phase = Phase(f"fine-tune {config.name}", recovery.epochs, recovery.learning_rate)
    return Task(config, phase, read_header(source)[0], files, source)


def _check_sample(config: ModelConfig, files: Files) -> None:
    """Raises TrainingError unless there is a sample exactly if the model is validated.

    Raises ArtefactError if the sample is of other records, or of those that are trained on.
    """
    sample = files.sample
    if sample is None and config.training.validate is not None:
        raise TrainingError(
            f"{config.name}: has the setting training.validate, but there are no records for it; "
            "give their manifest as --validate"
        )
    if sample is not None and config.training.validate is None:
        raise TrainingError(
            f"{config.name}: has no setting training.validate, so --validate would change nothing; "
            "leave it out, or add the setting to the config"
        )
    if sample is None:
        return
    check_schema(config, sample.manifest)
    if sample.manifest.digest == files.records.digest:
        raise ArtefactError(
            f"{config.name}: --validate has the records that it is trained on, on which nothing "
            "shows that it overfits; give those of another split"
        )


def check_schema(config: ModelConfig, records: Manifest) -> None:
    """Raises ArtefactError unless records have the schema that a model is configured for."""
    if records.schema != config.schema:
        raise ArtefactError(
            f"{config.name}: was configured for {config.schema}, but the records hold "
            f"{records.schema}; make the manifest or the config again"
        )
