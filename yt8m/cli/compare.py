"""The command that compares runs."""

from pathlib import Path

import click

from yt8m.artefacts import RUN
from yt8m.cli import options
from yt8m.cli.output import say, written
from yt8m.cli.targets import NewFile
from yt8m.comparison.graphs import CHOICES


@click.command()
@click.argument("results", nargs=-1, required=True, type=options.FOLDER)
@click.option(
    "--out",
    "outputs",
    multiple=True,
    required=True,
    type=NewFile(".html", ".csv", ".json"),
    help="File to write: a page (.html), a table (.csv) or everything (.json); may be repeated.",
)
@click.option("--split", help="Evaluated split.  [default: the first held out that all runs have]")
@click.option(
    "--stage",
    default="last",
    show_default=True,
    type=click.Choice(CHOICES),
    help="Stage of models; `best` is each one's with the highest GAP.",
)
@click.option(
    "--only",
    multiple=True,
    metavar="PATTERN",
    help="Names to compare, such as 'vlad-*'; repeatable.",
)
@click.option("--reference", help="Graph that the others are compared with.  [default: the best]")
@click.option("--each-seed", is_flag=True, help="A row for each seed, not for their mean.")
@options.resampling
@click.option("--title", default="Comparison", show_default=True, help="Title of the page.")
def compare(
    results: tuple[Path, ...],
    outputs: tuple[Path, ...],
    split: str | None,
    stage: str,
    only: tuple[str, ...],
    reference: str | None,
    each_seed: bool,
    resamples: int,
    seed: int,
    level: float,
    title: str,
) -> None:
    """Compare any number of finished runs, or the models of one: settings, metrics, bytes, time.

    RESULTS are the runs' folders. Models that differ only in their seed are one row, with mean and
    standard deviation; differences from the reference have intervals.
    """
    _refuse_files_of_runs(results, outputs)
    from yt8m.comparison.comparison import Choice
    from yt8m.comparison.comparison import compare as compare_runs
    from yt8m.comparison.files import write_comparison_csv, write_comparison_json
    from yt8m.comparison.page import write_page
    from yt8m.comparison.resamples import Resampling
    from yt8m.comparison.words import summary

    how = Resampling(resamples, seed, level)
    found = compare_runs(results, Choice(split, stage, only, reference, each_seed, how))
    for path in outputs:
        if path.suffix == ".html":
            write_page(found, path, title)
        else:
            write = write_comparison_csv if path.suffix == ".csv" else write_comparison_json
            write(found, path)
        say(written(path))
    say(summary(found).replace("\N{NO-BREAK SPACE}", " "))
    if found.left_out:
        say(f"Not compared: {', '.join(each.label for each in found.left_out)}")


def _refuse_files_of_runs(results: tuple[Path, ...], outputs: tuple[Path, ...]) -> None:
    """Raises UsageError if an output is something that a run has made, or is given twice."""
    from yt8m.workflow.layout import MADE_IN

    for place, path in enumerate(outputs):
        out = path.resolve()
        if out in (other.resolve() for other in outputs[:place]):
            raise click.UsageError(f"--out names {path} more than once")
        for folder in map(Path.resolve, results):
            made = [folder / RUN, *(folder / inside for inside in MADE_IN)]
            if any(out.is_relative_to(file) for file in made):
                raise click.UsageError(f"--out {path} is a result of the run {folder}")
