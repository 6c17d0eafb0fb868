"""States of a results folder that are refused, each with a remedy."""

import os
import time

import pytest

from yt8m.errors import ArtefactError
from yt8m.guard import Notes, check_results, files_in

NAMES = ("run.json", "models/m/trained/weights.safetensors", "data/train/train-0.tfrecord")
HOUR = 3600


@pytest.fixture
def results(tmp_path):
    """A folder with some files, and the dates that Snakemake has recorded of them."""
    folder = tmp_path / "results"
    for name in NAMES:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    for name in ("logs/x.log", "state/train/m/x", "benchmarks/x.tsv"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("not looked at")
        os.utime(folder / name, (time.time() + HOUR,) * 2)
    dates = {f"{folder}/{name}": (folder / name).stat().st_mtime for name in NAMES}
    return folder, dates


def check(results, rules=("train",), cut_off=(), params=(), locked=False, later=0):
    folder, dates = results
    notes = Notes(
        "notes",
        dates.get,
        lambda names: set(cut_off),
        lambda name: rules,
        lambda name: params,
        lambda: locked,
    )
    check_results(str(folder), notes, time.time() + later)


def test_results_of_finished_jobs_are_accepted(results):
    check(results)
    assert sorted(files_in(str(results[0]))) == sorted(results[1])


def no_note(path, dates):
    del dates[str(path)]


def in_the_future(path, dates):
    os.utime(path, (time.time() + HOUR,) * 2)


def link_in_the_future(path, dates):
    """The target's date is valid; Snakemake uses the later one."""
    path.rename(path.with_name("target"))
    path.symlink_to("target")
    os.utime(path, (time.time() + HOUR,) * 2, follow_symlinks=False)
    dates[f"{path.parent}/target"] = dates[str(path)]


def moved_here(path, dates):
    """A file of another run, an hour older; likewise the next ones."""
    other = path.with_name("other")
    other.write_text("of another run")
    os.utime(other, (dates[str(path)] - HOUR,) * 2)
    other.rename(path)


def linked_here(path, dates):
    other = path.parent / "../../../other run"
    other.write_text("of another run")
    os.utime(other, (dates[str(path)] - HOUR,) * 2)
    path.unlink()
    path.symlink_to(other)


def date_set_back(path, dates):
    os.utime(path, (dates[str(path)] - HOUR,) * 2)


STATES = {
    no_note: "Snakemake's record of how it was made is missing (in notes)",
    in_the_future: "in the future, so changes would go unnoticed",
    link_in_the_future: "in the future, so changes would go unnoticed",
    moved_here: "it comes from elsewhere, such as another run or a backup. Delete it",
    linked_here: "it comes from elsewhere, such as another run or a backup. Delete it",
    date_set_back: "it comes from elsewhere, such as another run or a backup. Delete it",
}


@pytest.mark.parametrize("place", ["a folder", "a link", "a link to a link"])
@pytest.mark.parametrize("state", STATES)
def test_a_file_with_an_unreliable_date_or_record_is_refused(results, state, place):
    folder, dates = results
    if place != "a folder":
        away = folder.with_name("away")
        (folder / "models").rename(away)
        if place == "a link to a link":
            (folder.with_name("between")).symlink_to(away)
            away = folder.with_name("between")
        (folder / "models").symlink_to(away)
        check(results)
    path = folder / NAMES[1]
    state(path, dates)
    with pytest.raises(ArtefactError) as error:
        check(results)
    assert str(error.value).startswith(f"{path}: ")
    assert STATES[state] in str(error.value)


def newer(path, dates):
    os.utime(path)


def rounded(path, dates):
    """As archives and some file systems round dates."""
    date = dates[str(path)]
    os.utime(path, (date // 2 * 2,) * 2)


def cut_off(path, dates):
    del dates[str(path)]


def just_ended(path, dates):
    """Another Snakemake, which runs, has not yet recorded it."""
    del dates[str(path)]


FINE = {newer: {}, rounded: {}, cut_off: {"cut_off": True}, no_note: {"rules": ()}}
FINE[just_ended] = {"locked": True}


@pytest.mark.parametrize("state", FINE)
def test_a_file_that_will_be_checked_or_made_again_is_accepted(results, state):
    folder, dates = results
    path = folder / NAMES[1]
    state(path, dates)
    more = dict(FINE[state])
    if "cut_off" in more:
        more["cut_off"] = [str(path)]
    check(results, **more)


def test_the_command_that_accepts_files_names_only_those_of_one_rule(results):
    folder, dates = results
    for name in NAMES[:2]:
        no_note(folder / name, dates)
    with pytest.raises(ArtefactError) as error:
        check(results, rules=("train", "ema"))
    files = [f"{folder}/{name}" for name in NAMES[:2]]
    command = f"{' '.join(files)} --touch --force --allowed-rules train ema --cores 1"
    accept = f"accept these, adding this run's --configfile if it has one: snakemake {command}"
    assert str(error.value).endswith(accept)  # so that the line can be pasted


def test_a_clock_that_is_a_minute_ahead_is_accepted(results):
    os.utime(results[0] / NAMES[0], (time.time() + 50,) * 2)
    check(results)


def test_both_remedies_for_a_file_from_elsewhere_work(results):
    folder, dates = results
    path = folder / NAMES[1]
    moved_here(path, dates)
    path.touch()
    check(results)
    moved_here(path, dates)
    path.unlink()
    check(results)


def test_the_remedy_for_a_future_date_still_works_after_that_date(results):
    """The job recorded the wrong date, too. Touching the file gives it the current date."""
    folder, dates = results
    path = folder / NAMES[1]
    dates[str(path)] = time.time() + HOUR
    os.utime(path, (time.time() + HOUR,) * 2)
    with pytest.raises(ArtefactError, match="in the future"):
        check(results)
    path.touch()
    check(results)
    check(results, later=2 * HOUR)


def test_cyclic_links_are_followed_once(results):
    folder, _ = results
    (folder / "models/m/back").symlink_to(folder / "models")
    (folder / "models/again").symlink_to(folder / "models/m")
    found = list(files_in(str(folder)))
    assert len(found) == len(set(found)) == 3


def test_a_missing_folder_is_accepted(tmp_path):
    check((tmp_path / "results", {}))


def test_settings_of_another_run_are_refused_whatever_their_date(results):
    folder, dates = results
    path = folder / "models/m/trained/config.json"
    path.write_text('{"seed": 2, "name": "m"}')
    dates[str(path)] = path.stat().st_mtime
    check(results, params=["'code'", repr('{"name": "m", "seed": 2}')])
    with pytest.raises(ArtefactError, match=r"config.json: holds other settings than it was made"):
        check(results, params=["'code'", repr('{"name": "m", "seed": 1}')])
    path.write_text("damaged")  # which its reader reports
    check(results)
