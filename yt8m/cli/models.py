"""Commands that make one model, stage by stage."""

from pathlib import Path

import click

from yt8m.cli import fitting, options
from yt8m.cli.output import fitted, say, written

_config = click.argument("config", type=options.FILE)
_soft_labels = click.option(
    "--soft-labels", type=options.FILE, help="For a student: manifest of its teacher's soft labels."
)
_tensorboard = click.option(
    "--tensorboard", type=options.NEW_FOLDER, help="Folder for TensorBoard event files."
)


_validate = click.option(
    "--validate",
    "validation",
    type=options.FILE,
    help="For a model with `training.validate`: manifest of the split to measure it on meanwhile.",
)


def _sample(settings, validation: Path | None):
    """What a model with these settings is validated on, or None. validation: a manifest."""
    if validation is None:
        return None
    from yt8m.config.validation import Validation
    from yt8m.data.manifest import read_manifest
    from yt8m.training.sample import Sample

    training = settings.training
    videos = (training.validate or Validation()).videos
    batch_size = training.batch_size // training.micro_batches
    return Sample(read_manifest(validation), videos, batch_size)


@click.command()
@click.option(
    "--entry",
    required=True,
    type=options.JSON,
    help="The model's settings as JSON, with all defaults filled in.",
)
@options.out
def configure(entry: dict, out: Path) -> None:
    """Write a model's config.json, which all later steps read."""
    from yt8m.config.model import write_model_config

    write_model_config(out, entry)
    say(written(out))


@click.command()
@_config
@options.records
@_soft_labels
@options.taught_by
@_validate
@options.state
@options.state_seconds
@_tensorboard
@fitting.together
@fitting.ahead("CONFIG", "OUT", "STATE", "TENSORBOARD")
@options.out_folder
@options.computes_later
def train(
    config,
    records,
    soft_labels,
    teacher,
    validation,
    state,
    state_seconds,
    tensorboard,
    together,
    ahead,
    out,
    start,
) -> None:
    """Train a model from its CONFIG on records; write its weights and training history.

    Rerun the same command to resume after an interruption.
    """
    from yt8m.config.model import read_model_config
    from yt8m.training.task import Files, fitting_task

    others = fitting.others_of(together, ahead)
    found = options.read_training_data(records, soft_labels, teacher)

    def read(config: Path, *files: Path):
        settings = read_model_config(config)
        return fitting_task(settings, Files(*found, *files, _sample(settings, validation)))

    fitting.fit(read, (config, out, state, tensorboard), others, state_seconds, start)
    say(fitted(out))


@click.command()
@_config
@click.option("--source", required=True, type=options.FILE, help="Weights to start from.")
@options.trained_on
@options.records
@_soft_labels
@options.taught_by
@_validate
@options.state
@options.state_seconds
@_tensorboard
@fitting.together
@fitting.ahead("CONFIG", "SOURCE", "OUT", "STATE", "TENSORBOARD")
@options.out_folder
@options.computes_later
def ema(
    config,
    source,
    trained_on,
    records,
    soft_labels,
    teacher,
    validation,
    state,
    state_seconds,
    tensorboard,
    together,
    ahead,
    out,
    start,
) -> None:
    """Continue training and average the weights (EMA or SWA)."""
    from yt8m.config.model import read_model_config
    from yt8m.origins import check_records
    from yt8m.training.task import Files, averaging_task

    others = fitting.others_of(together, ahead)
    found = options.read_training_data(records, soft_labels, teacher)

    def read(config: Path, source: Path, *files: Path):
        check_records([source], trained_on)
        settings = read_model_config(config)
        made_from = Files(*found, *files, _sample(settings, validation))
        return averaging_task(settings, made_from, source)

    fitting.fit(read, (config, source, out, state, tensorboard), others, state_seconds, start)
    say(fitted(out))


@click.command()
@click.argument("weights", nargs=-1, required=True, type=options.FILE)
@options.out_folder
def average(weights: tuple[Path, ...], out: Path) -> None:
    """Average WEIGHTS: weights files of one model, such as several of its checkpoints."""
    from yt8m.artefacts import WEIGHTS
    from yt8m.mean_weights import average_files

    average_files(weights, out)
    say(f"{written(out / WEIGHTS)}, the mean of {len(weights)}")


@click.command()
@_config
@click.option("--source", required=True, type=options.FILE, help="Weights to quantise.")
@options.trained_on
@options.out_folder
def quantise(config: Path, source: Path, trained_on, out: Path) -> None:
    """Quantise a model's large variables; print their sizes before and after."""
    from yt8m.config.model import read_model_config
    from yt8m.origins import check_config, check_records
    from yt8m.quantisation import quantise_stage
    from yt8m.weights import read_header

    settings = read_model_config(config)
    check_config(source, read_header(source)[0], settings, str(config))
    check_records([source], trained_on)
    say(quantise_stage(source, settings.quantise, out))
