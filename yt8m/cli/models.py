"""Commands that make one model, stage by stage."""

from pathlib import Path

import click

from yt8m.cli import fitting, options
from yt8m.cli.output import say, written

_config = click.argument("config", type=options.FILE)


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
@fitting.fits("CONFIG", "OUT", "STATE", "TENSORBOARD")
@options.computes_later
def train(config: Path, given: fitting.Given, start) -> None:
    """Train a model from its CONFIG on records; write its weights and training history.

    Rerun the same command to resume after an interruption.
    """
    from yt8m.config.model import read_model_config
    from yt8m.training.task import fitting_task

    def read(config: Path, *files):
        settings = read_model_config(config)
        return fitting_task(settings, given.files(settings, *files))

    fitting.fit(read, [config], given, start)


@click.command()
@_config
@click.option("--source", required=True, type=options.FILE, help="Weights to start from.")
@options.trained_on
@fitting.fits("CONFIG", "SOURCE", "OUT", "STATE", "TENSORBOARD")
@options.computes_later
def ema(config: Path, source: Path, trained_on, given: fitting.Given, start) -> None:
    """Continue training and average the weights (EMA or SWA)."""
    from yt8m.config.model import read_model_config
    from yt8m.origins import check_records
    from yt8m.training.task import averaging_task

    def read(config: Path, source: Path, *files):
        check_records([source], trained_on)
        settings = read_model_config(config)
        return averaging_task(settings, given.files(settings, *files), source)

    fitting.fit(read, [config, source], given, start)


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
