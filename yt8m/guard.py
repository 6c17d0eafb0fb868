"""States of a results folder in which nothing would tell what is out of date: they are refused.

Snakemake compares dates, and contents and settings with its notes on how each file was made. That
fails where a note is lost, and where the date of a file says nothing about what is in it.
"""

import json
import os
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from yt8m.artefacts import CONFIG
from yt8m.errors import ArtefactError
from yt8m.workflow.layout import MADE_IN

SECONDS_AHEAD = 60
"""Clocks of file servers may differ by a little."""

SECONDS_ROUNDED = 2
"""Archives and some file systems keep dates to the second, or to two."""


@dataclass(frozen=True)
class Notes:
    """What Snakemake knows. place: where its notes are kept.

    date_of: a file's date when its job ended, in seconds since 1970; None without a note.
    cut_off: which of some files belong to jobs that did not end; those are made again anyway.
    is_made_here: whether some rule makes a file of that name.
    params_of: the params that a file was made with, as Python writes them.
    """

    place: str
    date_of: Callable[[str], float | None]
    cut_off: Callable[[Collection[str]], Collection[str]]
    is_made_here: Callable[[str], bool]
    params_of: Callable[[str], Collection[str]]


def check_results(results: str, notes: Notes, now: float) -> None:
    """Raises ArtefactError, with the remedies, for the first file that is not what it seems.

    results: the folder, as the rules spell it. now: seconds since 1970.
    """
    names = list(files_in(results))
    dates = {name: notes.date_of(name) for name in names}
    _refuse_lost_notes(results, [name for name in names if dates[name] is None], notes)
    for name in names:
        _refuse_a_date_in_the_future(results, name, now)
    for name, date in dates.items():
        if date is not None:
            _refuse_a_file_from_elsewhere(name, date)
            _refuse_settings_of_another_run(name, notes)


def files_in(results: str) -> Iterator[str]:
    """Everything that is made, as the rules spell it; links to folders are followed, once each."""
    yield from (f"{results}/{file.name}" for file in Path(results).glob("*.*") if file.is_file())
    seen = set()
    for top in MADE_IN:
        for folder, below, files in os.walk(f"{results}/{top}", followlinks=True):
            seen.add(os.path.realpath(folder))
            below[:] = [name for name in below if os.path.realpath(f"{folder}/{name}") not in seen]
            yield from (f"{folder}/{name}" for name in files if Path(folder, name).is_file())


def _refuse_lost_notes(results: str, names: list[str], notes: Notes) -> None:
    """A file without a note would be judged by its date: a changed setting would go unnoticed."""
    cut_off = notes.cut_off(names)
    for name in names:
        if name not in cut_off and notes.is_made_here(name):
            raise ArtefactError(
                f"{name}: is there, but Snakemake's record of how it was made is not (in "
                f"{notes.place}), so changes would go unnoticed. Bring the records back; or move "
                f"what has none out of {results}/, and it is made again; or, if you know that all "
                "of it fits the config and the code, take it as it is: snakemake --touch "
                "--forceall, and the config that this run was given"
            )


def _refuse_a_date_in_the_future(results: str, name: str, now: float) -> None:
    """What is dated in the future looks newer than all that changes from now on."""
    date = max(Path(name).lstat().st_mtime, Path(name).stat().st_mtime)
    if date > now + SECONDS_AHEAD:
        raise ArtefactError(
            f"{name}: is dated {_spelt(date)}, in the future, so changes would go unnoticed. Set "
            "this machine's clock right if it is wrong; if not, give such files the date of today: "
            f"find -L {results} -newermt now -exec touch -d now {{}} +"
        )


def _refuse_a_file_from_elsewhere(name: str, date: float) -> None:
    """A job leaves its files with the date of its end, and whoever touches one makes it newer.

    One that is older was moved, copied or restored to its place with the date it had elsewhere,
    which the time of its last change of any kind (ctime) tells from a date set by a clock.
    """
    found = Path(name).stat()
    older = found.st_mtime < date - SECONDS_ROUNDED
    if older and found.st_ctime > found.st_mtime + SECONDS_ROUNDED:
        raise ArtefactError(
            f"{name}: is dated {_spelt(found.st_mtime)}, but the job that makes it ended at "
            f"{_spelt(date)}: it came from elsewhere, such as another run or a backup. Delete it, "
            "and it is made again; or `touch` it, and what is made of it sees its content"
        )


def _refuse_settings_of_another_run(name: str, notes: Notes) -> None:
    """A model's settings are those that its job was given, unless another run's lie in their place.

    What is no JSON is left to whoever reads it.
    """
    if not name.endswith(f"/{CONFIG}"):
        return
    try:
        settings = json.loads(Path(name).read_text(encoding="utf-8"))
    except ValueError:
        return
    if repr(json.dumps(settings, sort_keys=True)) not in notes.params_of(name):
        raise ArtefactError(
            f"{name}: holds other settings than it was made with here: it came from another run. "
            "Delete the folder of this model, and all of it is made again; or keep those results "
            "apart, as `results` of a config of their own"
        )


def _spelt(date: float) -> str:
    return f"{datetime.fromtimestamp(date):%Y-%m-%d %H:%M:%S}"
