"""Which files of a run exist or are stale, and why: Snakemake's summary by folder."""

import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from yt8m.artefacts import GRAPH
from yt8m.errors import Yt8mError
from yt8m.text_tables import format_table, numbers, sentences, words

WHY = {
    "updated input files": "its inputs have changed",
    "set of input files changed": "its list of inputs has changed",
    "rule implementation changed": "its command has changed",
    "params changed": "its settings or library code have changed",
    "ok": "another output of its job, or one of its inputs, is made again",
}
"""Snakemake's reasons for making an existing file again."""

BEHIND = "Not listed: files that depend on {}, which Snakemake checks once those are made."


@dataclass(frozen=True)
class File:
    """A file that the run makes. state: ready, stale or missing. log: of the job that makes it."""

    path: Path
    rule: str
    state: str
    log: str
    why: str = ""


def read_summary(text: str) -> list[File]:
    """The lines of `snakemake --summary`."""
    rows = [line.split("\t") for line in text.splitlines() if line.count("\t") == 5]
    return [_file(*row) for row in rows if row[0] != "output_file"]


def _file(path: str, _date: str, rule: str, log: str, status: str, plan: str) -> File:
    if status == "missing":
        return File(Path(path), rule, "missing", log)
    if plan == "no update":
        return File(Path(path), rule, "ready", log)
    return File(Path(path), rule, "stale", log, WHY.get(status, status))


def status_table(files: Sequence[File]) -> str:
    """A row per folder: how many files are ready, stale and missing, and why."""
    columns = [*words("folder"), *numbers("ready", "stale", "missing"), *sentences("why")]
    rows = []
    for folder, group in groupby(sorted(files, key=_folder), key=_folder):
        rows.append((str(folder), *_row(list(group))))
    rows.append(("all", *_row(files)[:3], ""))
    unknown = sorted({str(f.path) for f in files if _hides_others(f)})
    lines = [format_table(columns, rows), _jobs_line(files, at_least=bool(unknown))]
    return "\n".join([*lines, *([BEHIND.format(" and ".join(unknown))] if unknown else [])])


def _jobs_line(files: Sequence[File], at_least: bool) -> str:
    """How many jobs are done. A job has one log, and is done once all its files are ready."""
    jobs = {(f.rule, f.log) for f in files}
    left = {(f.rule, f.log) for f in files if f.state != "ready"}
    more = "at least " if at_least else ""
    return f"Jobs: {len(jobs) - len(left)} done, {more}{len(left)} to run or running."


def _hides_others(file: File) -> bool:
    """Whether Snakemake checks a file's dependents only once the file is made."""
    listed_again = file.rule == "manifest" and file.state == "stale" and file.path.suffix == ".json"
    return listed_again or (file.rule in ("choose", "fingerprint") and file.state != "ready")


def _folder(file: File) -> Path:
    """A file's folder; for files of a graph, the ensemble's folder."""
    above = [parent for parent in file.path.parents if parent.name == GRAPH]
    return above[0].parent if above else file.path.parent


def _row(files: Sequence[File]) -> tuple[str, str, str, str]:
    count = Counter(f.state for f in files)
    why = sorted({f"{f.rule}: {f.why}" for f in files if f.why})
    return (*(str(count[state]) for state in ("ready", "stale", "missing")), "; ".join(why))


def ask_snakemake(*arguments: str) -> str:
    """Snakemake's output about the run in the working directory.

    Raises Yt8mError with Snakemake's message if it fails.
    """
    command = [sys.executable, "-m", "snakemake", *arguments]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise Yt8mError(
            f"snakemake cannot plan the run: {done.stderr.strip() or done.stdout.strip()}"
        )
    return done.stdout + done.stderr
