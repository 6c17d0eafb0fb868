"""The three phases of training: fit a model, average its weights, fine-tune its codebooks."""

import hashlib
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import keras
import numpy as np

from yt8m.artefacts import HISTORY, WEIGHTS
from yt8m.compression.plan import Weights, dequantise_weights
from yt8m.compression.storage import Encoded
from yt8m.config.compression import Recovery
from yt8m.config.model import ModelConfig
from yt8m.config.training import Averaging
from yt8m.data.manifest import Manifest
from yt8m.data.records import Records
from yt8m.errors import ArtefactError, TrainingError
from yt8m.locks import locked, locked_results
from yt8m.models.assemble import build_model, misfits
from yt8m.origins import check_config, check_place, trained_on
from yt8m.recipes import as_entry
from yt8m.sources import digest_of
from yt8m.state import state_key
from yt8m.training.durations import Length
from yt8m.training.loop import Phase, fit, make_deterministic, phase_length
from yt8m.training.parameters import Codebook
from yt8m.training.schedule_warnings import average_warnings, rate_warnings
from yt8m.training.state import State
from yt8m.training.step import Objective, TrainingStep, available_strategy
from yt8m.training.tensorboard import Events
from yt8m.training.validating import Measuring, copy_of
from yt8m.weights import load_weights, read_header, save_weights


def train(
    config: ModelConfig,
    records: Manifest,
    out: Path,
    state: Path,
    soft_labels: Manifest | None = None,
    tensorboard: Path | None = None,
    state_seconds: float = 600.0,
    sample: Measuring | None = None,
) -> None:
    """Fit a model and write `out/weights.safetensors` and `out/history.csv`.

    records: the training split. soft_labels: of the teacher, for a student whose records do not
        contain them (as distilled records of layout `full` do).
    state: folder for the state to resume from, saved every `state_seconds`, removed at the end.
    sample: what `training.validate` measures on, a `yt8m.training.sample.Sample`.
    Raises TrainingError for a student without soft labels, and for soft labels without a student,
    and likewise for `training.validate` and a sample; LockError while another process has `out` or
    `state`.
    """
    phase = Phase(f"train {config.name}", config.training.epochs, config.training.learning_rate)
    validated_on = sample.manifest if sample else None
    header = trained_on(config, "trained", records, soft_labels, validated_on=validated_on)
    files = (records, soft_labels, out, state, state_seconds, tensorboard)
    _check_sample(config, records, sample)
    _run(config, phase, *files, header, sample=sample)


def average(
    config: ModelConfig,
    source: Path,
    records: Manifest,
    out: Path,
    state: Path,
    soft_labels: Manifest | None = None,
    tensorboard: Path | None = None,
    state_seconds: float = 600.0,
    sample: Measuring | None = None,
) -> None:
    """Continue training from `source` and write the average of all weights.

    Weights and batch-norm statistics are averaged by `config.ema`, and validated as averages;
    otherwise like `train`.
    Raises ArtefactError for weights of another model, or trained with other settings.
    """
    phase = Phase(f"average {config.name}", config.ema.epochs, config.ema.learning_rate)
    validated_on = sample.manifest if sample else None
    header = trained_on(config, "ema", records, soft_labels, read_header(source)[1], validated_on)
    files = (records, soft_labels, out, state, state_seconds, tensorboard)
    _check_sample(config, records, sample)
    _run(config, phase, *files, header, start=source, averaging=config.ema, sample=sample)


def fine_tune(
    config: ModelConfig,
    source: Path,
    recovery: Recovery,
    records: Manifest,
    out: Path,
    state: Path,
    soft_labels: Manifest | None = None,
    state_seconds: float = 600.0,
) -> None:
    """Continue training from quantised weights: update codebooks and float32 variables, not codes.

    source: weights file with encoded variables. The result has the same size. Otherwise like
        `train`, but without validation.
    """
    phase = Phase(f"fine-tune {config.name}", recovery.epochs, recovery.learning_rate)
    files = (records, soft_labels, out, state, state_seconds, None)
    _run(config, phase, *files, read_header(source)[0], start=source)


def _run(
    config: ModelConfig,
    phase: Phase,
    records: Manifest,
    soft_labels: Manifest | None,
    out: Path,
    state: Path,
    state_seconds: float,
    tensorboard: Path | None,
    header: dict[str, Any],
    start: Path | None = None,
    averaging: Averaging | None = None,
    sample: Measuring | None = None,
) -> None:
    _check_schema(config, records)
    videos = Records(records, soft_labels=soft_labels)
    _check_teacher(config, videos, soft_labels)
    if start is not None:
        before, _ = read_header(start)
        check_place(start, before)
        check_config(start, before, config, "the config")
    make_deterministic(config.training.seed)
    strategy = available_strategy()
    replicas = strategy.num_replicas_in_sync
    length = phase_length(videos, config.training, phase, replicas)
    _warn(config, averaging, length, is_first=start is None)
    stored: Weights = load_weights(start, kind="weights")[0] if start is not None else {}
    with strategy.scope():
        model = build_model(config.recipe, config.schema, config.training.precision)
        if start is not None:
            assign_weights(model, dequantise_weights(stored), start)
        step = TrainingStep(
            model,
            Objective(
                config.training.regularisation,
                config.teacher_weight if config.teacher else None,
                config.training.loss,
            ),
            config.training.clip_norm,
            averaging,
            strategy,
            config.training.micro_batches,
            config.training.xla,
            stored,
            length,
        )
    key = _key(config, phase, records, soft_labels, start, averaging, replicas, sample)
    with locked(state, state), locked_results(out):
        saved = State(state, key, state_seconds)
        events = _events(config, phase, tensorboard) if tensorboard else None
        history = fit(step, videos, config.training, phase, saved, events, sample)
        history.write(out / HISTORY)
        save_weights(out / WEIGHTS, _outcome(step, stored, saved.best), header)
        saved.remove()


def _warn(config: ModelConfig, averaging: Averaging | None, length: Length, is_first: bool) -> None:
    """Warn of a schedule that does not fit a phase of this length. is_first: it is training."""
    texts = rate_warnings(config.training, length) if is_first else []
    texts += average_warnings(averaging, length) if averaging else []
    for text in texts:
        warnings.warn(text, stacklevel=2)


def _events(config: ModelConfig, phase: Phase, folder: Path) -> Events:
    return Events(folder, phase.title, {"model": config.name, **config.set_words()})


def _outcome(step: TrainingStep, stored: Weights, best: Weights) -> Weights:
    """The best values, or else the last ones, with encoded variables still encoded."""
    found: Weights = dict(best or copy_of(step))
    found |= {path: value for path, value in stored.items() if isinstance(value, Encoded)}
    return found | {p.path: p.encoded() for p in step.learning if isinstance(p, Codebook)}


def assign_weights(model: keras.Model, arrays: Mapping[str, np.ndarray], path: Path) -> None:
    """Assign the float weights of a file to a model. Raises ArtefactError if they do not fit."""
    if wrong := misfits(model, arrays):
        raise ArtefactError(
            f"{path}: does not fit the model; these variables are missing, unexpected or of "
            f"another shape: {', '.join(wrong[:5])}{' ...' if len(wrong) > 5 else ''}"
        )
    for variable in model.variables:
        variable.assign(arrays[variable.path])


def _check_schema(config: ModelConfig, records: Manifest) -> None:
    if records.schema != config.schema:
        raise ArtefactError(
            f"{config.name}: was configured for {config.schema}, but the records hold "
            f"{records.schema}; make the manifest or the config again"
        )


def _check_teacher(config: ModelConfig, videos: Records, soft_labels: Manifest | None) -> None:
    """Raises TrainingError unless there are soft labels exactly if the model is a student."""
    if config.teacher is None and soft_labels is not None:
        raise TrainingError(
            f"{config.name}: has no teacher, so soft labels would change nothing; leave out "
            "--soft-labels, or give the model a `teacher` in the config"
        )
    if config.teacher is None or soft_labels is not None or not len(videos):
        return
    if videos.batch(np.arange(1)).teacher is None:
        raise TrainingError(
            f"{config.name}: is a student of {config.teacher}, but there are no soft labels; "
            "give their manifest as --soft-labels (`yt8m distil` writes them), or records that "
            "contain them"
        )


def _check_sample(config: ModelConfig, records: Manifest, sample: Measuring | None) -> None:
    """Raises TrainingError unless there is a sample exactly if the model is validated.

    Raises ArtefactError if the sample is of other records, or of those that are trained on.
    """
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
    _check_schema(config, sample.manifest)
    if sample.manifest.digest == records.digest:
        raise ArtefactError(
            f"{config.name}: --validate has the records that it is trained on, on which nothing "
            "shows that it overfits; give those of another split"
        )


def _key(
    config: ModelConfig, phase: Phase, records, soft_labels, start, averaging, replicas: int, sample
) -> str:
    """Name of the saved state, derived from everything that the weights depend on.

    replicas: number of devices. With another number, the same number of steps would have seen other
        videos.
    """
    return state_key(
        config.entry("trained"),
        [phase.title, phase.epochs, phase.learning_rate],
        as_entry(averaging) if averaging is not None else None,
        replicas,
        [shard.digest for shard in records.shards],
        [shard.digest for shard in soft_labels.shards] if soft_labels else None,
        hashlib.sha256(start.read_bytes()).hexdigest() if start is not None else None,
        sample.manifest.digest if sample else None,
        digest_of(*config.training_modules),
    )
