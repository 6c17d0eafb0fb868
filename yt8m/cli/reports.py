"""The commands that tell about a run as a whole."""

from pathlib import Path

import click

from yt8m.cli import options
from yt8m.cli.output import say, written


@click.command()
@click.argument("results", type=options.FOLDER)
@click.option("--title", required=True, help="Title of the page.")
@click.option("--final", required=True, help="The ensemble that is the product.")
@click.option("--model", "models", multiple=True, required=True, help="A model; once for each.")
@click.option(
    "--ensemble", "ensembles", multiple=True, required=True, help="An ensemble; once for each."
)
@click.option("--ready", multiple=True, help="An ensemble made elsewhere; once for each.")
@click.option(
    "--learnt", multiple=True, help="Of these, one whose weights were to be learnt; once for each."
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
def report(
    results: Path, title, final, models, ensembles, ready, learnt, splits, train, out: Path
) -> None:
    """Write one page (HTML) on a run's folder RESULTS: scores, sizes, curves, and the chain."""
    from yt8m.report.page import write_report
    from yt8m.report.reading import read_content

    content = read_content(results, title, final, models, ensembles, splits, train, ready, learnt)
    write_report(content, out)
    say(written(out))


@click.command()
@click.option(
    "--settings", required=True, type=options.JSON, help="The whole config, defaults filled in."
)
@options.out
def provenance(settings: dict, out: Path) -> None:
    """Note what a run was made with: settings, seeds, versions, git revision and device."""
    from yt8m.artefacts import write_json
    from yt8m.provenance import provenance

    write_json(out, provenance(settings))
    say(written(out))


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def status(arguments: tuple[str, ...]) -> None:
    """Print what of a run is ready, what is stale or missing, and why; nothing is made.

    ARGUMENTS are Snakemake's: targets, then `--configfile mine.yaml`. Call it where the Snakefile
    is.
    """
    from yt8m.reasons import read_jobs, reasons_table
    from yt8m.status import ask_snakemake, read_summary, status_table

    files = read_summary(ask_snakemake("--summary", *arguments))
    jobs = read_jobs(ask_snakemake("--dry-run", *arguments))
    say(f"{status_table(files)}\n\n{reasons_table(jobs)}")
