"""The command that writes the report."""

from pathlib import Path

import click

from yt8m.cli import options


@click.command()
@click.argument("results", type=options.FOLDER)
@click.option("--title", required=True, help="Title of the page.")
@click.option("--final", required=True, help="The ensemble that is the product.")
@click.option("--model", "models", multiple=True, required=True, help="A model; once for each.")
@click.option(
    "--ensemble", "ensembles", multiple=True, required=True, help="An ensemble; once for each."
)
@click.option(
    "--split",
    "splits",
    multiple=True,
    required=True,
    help="Split that was evaluated; the first of several is the one that figures show.",
)
@click.option("--train", default="train", show_default=True, help="Split that models learnt from.")
@options.out
def report(results: Path, title, final, models, ensembles, splits, train, out: Path) -> None:
    """Write one page (HTML) on a run's folder RESULTS: scores, sizes, curves, and the chain."""
    from yt8m.report.page import write_report
    from yt8m.report.reading import read_content

    write_report(read_content(results, title, final, models, ensembles, splits, train), out)
