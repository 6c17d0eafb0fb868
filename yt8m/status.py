"""What of a run exists, what is stale and why: Snakemake's summary, a line for each folder."""

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
    "updated input files": "what it is made of has changed",
    "set of input files changed": "it is made of other files now",
    "rule implementation changed": "the command has changed",
    "params changed": "settings or library code have changed",
    "ok": "it comes with, or after, what is made again",
}
"""Snakemake's words for a file that is there and will be made again."""

BEHIND = "Not listed: what lies behind {}, which Snakemake looks at once that is made."


@dataclass(frozen=True)
class File:
    """A file that the run makes. state: ready, stale or missing."""

    path: Path
    rule: str
    state: str
    why: str = ""


def read_summary(text: str) -> list[File]:
    """The lines of `snakemake --summary`."""
    rows = [line.split("\t") for line in text.splitlines() if line.count("\t") == 5]
    return [_file(*row) for row in rows if row[0] != "output_file"]


def _file(path: str, _date: str, rule: str, _log: str, status: str, plan: str) -> File:
    if status == "missing":
        return File(Path(path), rule, "missing")
    if plan == "no update":
        return File(Path(path), rule, "ready")
    return File(Path(path), rule, "stale", WHY.get(status, status))


def status_table(files: Sequence[File]) -> str:
    """A row for each folder: how many files are ready, stale and missing, and why."""
    columns = [*words("folder"), *numbers("ready", "stale", "missing"), *sentences("why")]
    rows = []
    for folder, group in groupby(sorted(files, key=_folder), key=_folder):
        rows.append((str(folder), *_row(list(group))))
    rows.append(("all", *_row(files)[:3], ""))
    table = format_table(columns, rows)
    unknown = sorted({str(f.path) for f in files if _hides_others(f)})
    return f"{table}\n{BEHIND.format(' and '.join(unknown))}" if unknown else table.rstrip()


def _hides_others(file: File) -> bool:
    """Whether Snakemake looks at what lies behind a file only once that is made."""
    listed_again = file.rule == "manifest" and file.state == "stale" and file.path.suffix == ".json"
    return listed_again or (file.rule == "fingerprint" and file.state != "ready")


def _folder(file: File) -> Path:
    """Where a file lies; those of a graph lie with its description."""
    above = [parent for parent in file.path.parents if parent.name == GRAPH]
    return above[0].parent if above else file.path.parent


def _row(files: Sequence[File]) -> tuple[str, str, str, str]:
    count = Counter(f.state for f in files)
    why = sorted({f"{f.rule}: {f.why}" for f in files if f.why})
    return (*(str(count[state]) for state in ("ready", "stale", "missing")), "; ".join(why))


def ask_snakemake(*arguments: str) -> str:
    """What Snakemake prints about the run in the working directory.

    Raises Yt8mError with what it says when it cannot.
    """
    command = [sys.executable, "-m", "snakemake", *arguments]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise Yt8mError(f"snakemake cannot plan: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout + done.stderr
