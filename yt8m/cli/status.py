"""The command that shows how far a run is."""

import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import click

from yt8m.cli import options
from yt8m.cli.numbers import NumberRange
from yt8m.cli.output import say

CONFIG = Path("config/config.yaml")
"""The config that the workflow uses if none is given, if there is one."""

RESULTS = "results"
"""The results folder of a config that names none."""

INTERVAL = 2.0
"""Seconds between two looks at running jobs."""


@click.command(context_settings={"ignore_unknown_options": True})
@click.option("--running", is_flag=True, help="Only the jobs, at once: without asking Snakemake.")
@click.option(
    "--watch",
    is_flag=False,
    flag_value=INTERVAL,
    type=NumberRange(min=0.1),
    metavar="[SECONDS]",
    help=f"Show the jobs again every {INTERVAL:g} seconds, or as often as given, until Ctrl-C.",
)
@click.option(
    "--results", type=options.FOLDER, help="Only the jobs of this folder; default: the config's."
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def status(
    running: bool, watch: float | None, results: Path | None, arguments: tuple[str, ...]
) -> None:
    """Show running and stopped jobs, and how many files of a run are ready, stale or missing.

    ARGUMENTS are passed to Snakemake: targets, then `--configfile mine.yaml`. Run it in the folder
    of the Snakefile. It runs no job; `snakemake --dry-run` shows why each job would run.
    """
    folder = results or Path(_results(arguments))
    if watch:
        _refuse_negative(arguments)
        _watch(folder, watch)
        return
    text = _jobs(folder)
    if running or results:
        say(text or "No job is running.")
        return
    from yt8m.status import ask_snakemake, read_summary, status_table

    if text:
        say(f"{text}\n")
    say(status_table(read_summary(ask_snakemake("--summary", *arguments))))


def _refuse_negative(arguments: Sequence[str]) -> None:
    """Raises UsageError for `--watch -1`: click takes such a number for the next option."""
    for word in arguments:
        with suppress(ValueError):
            if word.startswith("-") and not float(word) >= 0:
                raise click.UsageError(f"--watch: {word} is not in the range x>=0.1")


def _jobs(folder: Path) -> str:
    """A table of the jobs, and what to do about those that have ended; empty without jobs."""
    from yt8m.running import jobs_table, read_jobs

    now = time.time()
    jobs = read_jobs(folder, now)
    table = jobs_table(jobs, now).rstrip()
    ended = any(job.state != "running" for job in jobs)
    hint = f"\nLogs: {folder}/logs/<job>.log. To resume, rerun the command of the run."
    return table + hint * ended


def _watch(folder: Path, seconds: float) -> None:
    """Show the jobs until an interrupt: in place on a terminal, one below the other elsewhere."""
    from rich.live import Live
    from rich.text import Text

    def text() -> str:
        return f"{time.strftime('%H:%M:%S')}\n{_jobs(folder) or 'No job is running.'}"

    try:
        if not sys.stdout.isatty():
            while True:
                say(text())
                time.sleep(seconds)
        with Live(Text(text()), auto_refresh=False) as live:
            while True:
                time.sleep(seconds)
                live.update(Text(text()), refresh=True)
    except KeyboardInterrupt:
        return


def _results(arguments: Sequence[str]) -> str:
    """The results folder of the config that Snakemake gets."""
    from yt8m.config.yaml_files import read_yaml

    files = _values(arguments, "--configfile", "--configfiles")
    found = [read_yaml(Path(file)) for file in files or ([CONFIG] if CONFIG.is_file() else [])]
    found += [
        dict([pair.split("=", 1)]) for pair in _values(arguments, "--config", "-C") if "=" in pair
    ]
    named = [config["results"] for config in found if isinstance(config.get("results"), str)]
    return named[-1] if named else RESULTS


def _values(arguments: Sequence[str], *names: str) -> list[str]:
    """The values of an option, which takes one or more words, or one behind `=`."""
    values, takes = [], False
    for word in arguments:
        name, equals, value = word.partition("=")
        if word.startswith("-"):
            takes = name in names
            values += [value] if takes and equals else []
        elif takes:
            values.append(word)
    return values
