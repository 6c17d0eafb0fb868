"""The commands that tell about a run as a whole."""

from pathlib import Path

import click

from yt8m.cli import options
from yt8m.cli.output import say, written


@click.command()
@click.argument("results", type=options.FOLDER)
@click.option("--title", default="Size-constrained video classification", help="Of the page.")
@options.out
def report(results: Path, title: str, out: Path) -> None:
    """Write one page (HTML) on a run's folder RESULTS: scores, sizes, curves, and the chain.

    What there is to tell of, its run.json says.
    """
    from yt8m.report.page import write_report
    from yt8m.report.reading import read_content

    write_report(read_content(results, title), out)
    say(written(out))


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def status(arguments: tuple[str, ...]) -> None:
    """Print what of a run is ready, what is stale or missing, folder by folder; nothing is made.

    ARGUMENTS are Snakemake's: targets, then `--configfile mine.yaml`. Call it where the Snakefile
    is. Why a job would run, `snakemake --dry-run` says.
    """
    from yt8m.status import ask_snakemake, read_summary, status_table

    say(status_table(read_summary(ask_snakemake("--summary", *arguments))))
