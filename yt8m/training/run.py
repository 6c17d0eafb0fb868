"""The three phases of training: fit a model, average its weights, fine-tune its codebooks."""

import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from yt8m.artefacts import HISTORY, WEIGHTS
from yt8m.compression.plan import Weights, dequantise_weights
from yt8m.compression.storage import Encoded
from yt8m.config.compression import Recovery
from yt8m.config.model import ModelConfig
from yt8m.config.training import Training
from yt8m.data.manifest import Manifest
from yt8m.data.records import Records
from yt8m.errors import ArtefactError, TrainingError
from yt8m.locks import locked, locked_results
from yt8m.models.assemble import build_model, misfits
from yt8m.origins import check_config, check_place
from yt8m.training.durations import Length
from yt8m.training.loop import fit, make_deterministic, phase_length
from yt8m.training.parameters import Codebook
from yt8m.training.schedule_warnings import average_warnings, rate_warnings
from yt8m.training.state import State
from yt8m.training.step import Objective, TrainingStep, available_strategy
from yt8m.training.task import (
    Files,
    Measuring,
    Task,
    averaging_task,
    check_schema,
    fine_tuning_task,
    fitting_task,
)
from yt8m.training.tensorboard import Events
from yt8m.training.validating import copy_of
from yt8m.training.workers.joining import Workers, joined
from yt8m.training.workers.strategy import connected_strategy
from yt8m.training.workers.team import Team
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
    files = Files(records, soft_labels, out, state, tensorboard, sample)
    run(fitting_task(config, files), state_seconds)


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
    files = Files(records, soft_labels, out, state, tensorboard, sample)
    run(averaging_task(config, files, source), state_seconds)


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
    files = Files(records, soft_labels, out, state)
    run(fine_tuning_task(config, files, source, recovery), state_seconds)


def run(
    task: Task,
    state_seconds: float = 600.0,
    kept: Path | None = None,
    workers: Workers | None = None,
) -> None:
    """Make the weights and the history of a task.

    kept: folder for them in place of `task.files.out`, in that of the state, which then stays; for
        one device only. workers: of which this process is one; each is called with the same task,
        and the chief alone writes. Raises the errors of `train` and `average`.
    """
    with joined(task, workers) as team:
        _run(task, state_seconds, kept, team)


def _run(task: Task, state_seconds: float, kept: Path | None, team: Team) -> None:
    config, files, start = task.config, task.files, task.start
    strategy = connected_strategy(team.links) if team.links else None
    check_schema(config, files.records)
    videos = Records(files.records, soft_labels=files.soft_labels)
    _check_teacher(config, videos, files.soft_labels)
    if start is not None:
        before, _ = read_header(start)
        check_place(start, before)
        check_config(start, before, config, "the config")
    make_deterministic(config.training.seed)
    stored: Weights = load_weights(start, kind="weights")[0] if start is not None else {}
    step = _step(task, videos, stored, strategy)
    replicas = step.strategy.num_replicas_in_sync
    if kept is not None and replicas > 1:
        raise TrainingError(
            f"{task.phase.title}: models that train together use one device, but this command has "
            f"{replicas}; use --gpus 1, or leave out --together"
        )
    saved = State(files.state, task.key(replicas), state_seconds)
    out = files.out if kept is None else kept
    with _own(files.state, out) if team.is_chief else nullcontext():
        events = _events(task) if files.tensorboard and team.is_chief else None
        history = fit(step, videos, config.training, task.phase, saved, events, files.sample, team)
        if not team.is_chief:
            return
        history.write(out / HISTORY)
        save_weights(out / WEIGHTS, _outcome(step, stored, saved.best), task.header)
        if kept is None:
            saved.remove()
        else:
            saved.path.unlink(missing_ok=True)


@contextmanager
def _own(state: Path, out: Path) -> Iterator[None]:
    """Lock the folders of the state and of the results for this process."""
    with locked(state, state), locked_results(out):
        yield


def _step(
    task: Task, videos: Records, stored: Weights, strategy: tf.distribute.Strategy | None
) -> TrainingStep:
    """A step of a new model with the `stored` weights, if any. strategy: None for this machine."""
    config, strategy = task.config, strategy or available_strategy()
    length = phase_length(videos, config.training, task.phase, strategy.num_replicas_in_sync)
    _warn(task, length)
    with strategy.scope():
        model = build_model(config.recipe, config.schema, config.training.precision)
        if task.start is not None:
            assign_weights(model, dequantise_weights(stored), task.start)
        return TrainingStep(
            model,
            Objective(
                config.training.regularisation,
                config.teacher_weight if config.teacher else None,
                config.training.loss,
            ),
            config.training.clip_norm,
            task.averaging,
            strategy,
            config.training.micro_batches,
            _xla(config.training),
            stored,
            length,
        )


def _xla(settings: Training) -> bool | None:
    """None if it is to be chosen by measuring, for batches that all have one shape."""
    if settings.xla != "auto":
        return settings.xla
    if settings.frames.kind != "all":
        return None
    warnings.warn(
        'training.xla: "auto" does not measure XLA, and does not use it, with frames "all", since '
        "the batches have many shapes; choose other frames, or false",
        stacklevel=2,
    )
    return False


def _events(task: Task) -> Events:
    settings = {"model": task.config.name, **task.config.set_words()}
    return Events(task.files.tensorboard, task.phase.title, settings)


def _warn(task: Task, length: Length) -> None:
    """Warn of a schedule that does not fit a phase of this length."""
    texts = rate_warnings(task.config.training, length) if task.start is None else []
    texts += average_warnings(task.averaging, length) if task.averaging else []
    for text in texts:
        warnings.warn(text, stacklevel=2)


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
