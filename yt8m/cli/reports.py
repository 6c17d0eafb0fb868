"""The command that writes the report of a run."""

from pathlib import Path

import click

from yt8m.cli import options
from yt8m.cli.output import say, written


@click.command()
@click.argument("results", type=options.FOLDER)
@click.option("--title", default="Size-constrained video classification", help="Title of the page.")
@click.option(
    "--class-gains-out",
    type=options.NEW_TABLE,
    help="Parquet file for what each stage changed for each class.",
)
@options.out
def report(results: Path, title: str, class_gains_out: Path | None, out: Path) -> None:
    """Summarise a run as one HTML page: metrics, sizes, training curves and figures.

    RESULTS is the run's folder; its run.json says what the run made.
    """
    from yt8m.report.error_section import write_class_gains
    from yt8m.report.page import write_report
    from yt8m.report.reading import read_content

    options.refuse_same_files({"--out": out, "--class-gains-out": class_gains_out})
    content = read_content(results, title)
    if class_gains_out:
        write_class_gains(content, class_gains_out)
    write_report(content, out, results, class_gains_out)
    say(written(out))
