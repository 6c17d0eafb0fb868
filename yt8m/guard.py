"""Refuses states of a results folder in which outdated files would go unnoticed.

Snakemake compares dates, and compares content and settings with its records of how each file was
made. That fails if a record is lost, or if the date of a file says nothing about its content.
"""

import json
import os
import shlex
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from yt8m.artefacts import CONFIG
from yt8m.errors import ArtefactError
from yt8m.workflow.layout import MADE_IN

SECONDS_AHEAD = 60
"""Tolerance for the clocks of file servers."""

FILES_NAMED = 100
"""How many files a command in a message names at most."""

SAME_CONFIG = ", adding this run's --configfile if it has one"
"""To commands in messages."""

SECONDS_ROUNDED = 2
"""Tolerance for archives and file systems that round dates to one or two seconds."""


@dataclass(frozen=True)
class Notes:
    """Access to Snakemake's records. place: where they are stored.

    date_of: a file's date when its job ended, in seconds since 1970; None without a record.
    cut_off: which of some files belong to jobs that did not finish; those are made again anyway.
    rules_of: the rules that make a file of that name, if any.
    params_of: the params that a file was made with, as Python's repr.
    is_locked: whether a run goes on in the working directory, or ended without unlocking it.
    """

    place: str
    date_of: Callable[[str], float | None]
    cut_off: Callable[[Collection[str]], Collection[str]]
    rules_of: Callable[[str], Sequence[str]]
    params_of: Callable[[str], Collection[str]]
    is_locked: Callable[[], bool]


def check_results(results: str, notes: Notes, now: float) -> None:
    """Raises ArtefactError, with the remedies, for the first file that may be wrong unnoticed.

    results: the folder, as written in the rules. now: seconds since 1970.
    """
    names = list(files_in(results))
    dates = {name: notes.date_of(name) for name in names}
    _refuse_lost_notes(results, dates, notes)
    for name in names:
        _refuse_a_date_in_the_future(results, name, now)
    for name, date in dates.items():
        if date is not None:
            _refuse_a_file_from_elsewhere(name, date)
            _refuse_settings_of_another_run(name, notes)


def files_in(results: str) -> Iterator[str]:
    """All results, with paths as in the rules; links to folders are followed, once each."""
    yield from (f"{results}/{file.name}" for file in Path(results).glob("*.*") if file.is_file())
    seen = set()
    for top in MADE_IN:
        for folder, below, files in os.walk(f"{results}/{top}", followlinks=True):
            seen.add(os.path.realpath(folder))
            below[:] = [name for name in below if os.path.realpath(f"{folder}/{name}") not in seen]
            yield from (f"{folder}/{name}" for name in files if Path(folder, name).is_file())


def _refuse_lost_notes(results: str, dates: dict[str, float | None], notes: Notes) -> None:
    """A file without a record is judged by its date only: a changed setting would go unnoticed.

    In a locked directory only plans are made, and the run that locked it has been checked; its
    jobs may have ended a moment ago.
    """
    without = [name for name, date in dates.items() if date is None]
    cut_off = notes.cut_off(without)
    made = {name: notes.rules_of(name) for name in without if name not in cut_off}
    lost = {name: rules for name, rules in made.items() if rules}
    if not lost or notes.is_locked():
        return
    first, rules = next(iter(lost.items()))
    raise ArtefactError(
        f"{first}: exists, but Snakemake's record of how it was made is missing (in "
        f"{notes.place}), so changes would go unnoticed. Restore the records; or move "
        f"files without records out of {results}/ to have them made again; or, if you are "
        f"sure that they match the config and the code, accept {_acceptance(lost, rules, dates)}"
    )


def _acceptance(
    lost: dict[str, Sequence[str]], rules: Sequence[str], dates: dict[str, float | None]
) -> str:
    """What to accept, and the command for it, which leaves stale files of other rules stale.

    If any record is left, only files of the same rules are accepted: they do not need each other,
    whereas what they need may be stale. If none is left, all files are equally unknown.
    """
    if all(date is None for date in dates.values()):
        return f"all of them{SAME_CONFIG}: snakemake --touch --forceall --cores 1"
    files = [name for name, others in lost.items() if others == rules][:FILES_NAMED]
    options = ["--touch", "--force", "--allowed-rules", *rules]
    command = shlex.join(["snakemake", *files, *options])
    return f"these{SAME_CONFIG}: {command} --cores 1"


def _refuse_a_date_in_the_future(results: str, name: str, now: float) -> None:
    """A file dated in the future looks newer than anything that changes from now on."""
    date = max(Path(name).lstat().st_mtime, Path(name).stat().st_mtime)
    if date > now + SECONDS_AHEAD:
        raise ArtefactError(
            f"{name}: is dated {_formatted(date)}, in the future, so changes would go unnoticed. "
            "Correct this machine's clock if it is wrong; otherwise set the date of such files to "
            f"now: find -L {results} -newermt now -exec touch -d now {{}} +"
        )


def _refuse_a_file_from_elsewhere(name: str, date: float) -> None:
    """A job leaves its files with the date of its end, and touching one makes it newer.

    An older file was moved, copied or restored into place with a date from elsewhere. Its ctime
    (time of the last change of any kind) distinguishes that from a wrong clock.
    """
    found = Path(name).stat()
    older = found.st_mtime < date - SECONDS_ROUNDED
    if older and found.st_ctime > found.st_mtime + SECONDS_ROUNDED:
        raise ArtefactError(
            f"{name}: is dated {_formatted(found.st_mtime)}, but the job that makes it ended at "
            f"{_formatted(date)}: it comes from elsewhere, such as another run or a backup. Delete "
            "it to have it made again; or `touch` it to accept its content, and whatever is made "
            "from it runs again"
        )


def _refuse_settings_of_another_run(name: str, notes: Notes) -> None:
    """A model's `config.json` holds the settings of its job, unless it comes from another run.

    Invalid JSON is left to the steps that read it.
    """
    if not name.endswith(f"/{CONFIG}"):
        return
    try:
        settings = json.loads(Path(name).read_text(encoding="utf-8"))
    except ValueError:
        return
    if repr(json.dumps(settings, sort_keys=True)) not in notes.params_of(name):
        raise ArtefactError(
            f"{name}: holds other settings than it was made with here: it comes from another run. "
            "Delete the folder of this model to have all of it made again; or keep those results "
            "apart, with another `results` in their config"
        )


def _formatted(date: float) -> str:
    return f"{datetime.fromtimestamp(date):%Y-%m-%d %H:%M:%S}"
