"""Many files at a time: what is there stays, and one that fails does not stop the others."""

import hashlib
import os
import shutil
import threading
import time
from dataclasses import replace
from types import SimpleNamespace

import pytest

from tests.download.loopback import breaks_off, says, sends, slowly
from tests.ports import free_ports
from yt8m.download.files import fetch_all
from yt8m.download.plan import File
from yt8m.download.planned import Wanted
from yt8m.download.server import UnreachableError
from yt8m.download.verified import known_content, note_of
from yt8m.download.web_server import WebServer
from yt8m.errors import DownloadError, OutputError
from yt8m.locks import locked

CONTENTS = {
    f"train{letter}{letter}.tfrecord": os.urandom(20_000 + n) for n, letter in enumerate("abcdefgh")
}


@pytest.fixture
def wanted(loopback, tmp_path):
    """Eight files of a server, in an empty folder."""
    loopback.publish("train", CONTENTS)
    return [
        Wanted(
            File(name, hashlib.md5(data).hexdigest(), len(data)),
            f"{loopback.address}/2/frame/train/{name}",
            tmp_path / "train" / name.lower(),
        )
        for name, data in CONTENTS.items()
    ]


def fetch(wanted) -> str:
    return str(fetch_all(wanted, WebServer, 3, "download"))


def are_there(wanted) -> set[str]:
    """Names of the files that are in their place, with their content."""
    there = {each.file.name for each in wanted if each.path.exists()}
    assert all(
        each.path.read_bytes() == CONTENTS[each.file.name] for each in wanted if each.path.exists()
    )
    return there


def test_all_are_fetched_whatever_happens_once_and_then_never_again(wanted, loopback):
    names = list(CONTENTS)
    loopback.fail(names[0], breaks_off(9000))
    loopback.fail(names[1], says(500))
    loopback.fail(names[2], sends(b"an error page"))
    loopback.fail(names[3], slowly(3, 0.05))
    size = sum(map(len, CONTENTS.values()))
    assert fetch(wanted) == f"8 files fetched ({size:,} bytes), 0 were there already"
    assert are_there(wanted) == {*CONTENTS}
    loopback.seen.clear()
    assert fetch(wanted) == "0 files fetched (0 bytes), 8 were there already"
    assert loopback.seen == []


def test_several_files_are_fetched_at_a_time_but_no_more_than_asked_for(wanted, loopback):
    now, most, lock, three = [0], [0], threading.Lock(), threading.Event()

    def counted(handler, data):
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
            if now[0] == 3:
                three.set()
        three.wait(60)
        time.sleep(0.05)  # in which a fourth would come
        with lock:
            now[0] -= 1
        handler.say(200, len(data))
        handler.wfile.write(data)

    for name in CONTENTS:
        loopback.fail(name, counted)
    fetch(wanted)
    assert most[0] == 3


def test_files_that_fail_are_named_after_all_others_were_fetched(wanted, loopback):
    first, second, *others = CONTENTS
    loopback.files.pop(f"/2/frame/train/{first}")
    loopback.fail(second, *[sends(CONTENTS[second][::-1])] * 2)
    with pytest.raises(DownloadError, match="2 of 8 files could not be fetched:") as error:
        fetch(wanted)
    assert f"{first}: the server has no such file (404)" in str(error.value)
    assert f"{second}: has MD5 " in str(error.value)
    assert are_there(wanted) == {*others}
    loopback.publish("train", CONTENTS)
    assert fetch(wanted).startswith("2 files fetched")


def test_a_file_copied_into_place_is_read_once_and_not_fetched(wanted, loopback, monkeypatch):
    for each in wanted:
        each.path.parent.mkdir(exist_ok=True)
        each.path.write_bytes(CONTENTS[each.file.name])
    assert fetch(wanted).startswith("0 files fetched") and loopback.seen == []
    monkeypatch.setattr("yt8m.download.files.md5_of", None)  # nothing is read again
    assert fetch(wanted).startswith("0 files fetched")


def test_files_in_a_folder_that_takes_no_notes_are_read_again_and_not_fetched(wanted, loopback):
    folder = wanted[0].path.parent
    folder.mkdir()
    note_of(folder / "x").parent.write_text("is no folder")
    for each in wanted:
        each.path.write_bytes(CONTENTS[each.file.name])
    for _ in range(2):
        assert fetch(wanted) == "0 files fetched (0 bytes), 8 were there already"
    assert loopback.seen == []


def test_a_file_that_was_changed_or_whose_note_is_damaged_is_looked_at_again(wanted, loopback):
    fetch(wanted)
    loopback.seen.clear()
    wanted[0].path.write_bytes(b"other")
    note_of(wanted[1].path).write_text("{")
    shutil.copy2(wanted[2].path, wanted[2].path.with_suffix(".new"))
    wanted[2].path.with_suffix(".new").replace(wanted[2].path)
    assert [known_content(each.path) is None for each in wanted[:4]] == [True, True, True, False]
    assert fetch(wanted).startswith("1 file fetched")
    assert loopback.fetched() == [wanted[0].file.name]
    assert are_there(wanted) == {*CONTENTS}


def test_files_that_do_not_fit_on_the_disk_are_refused_before_any_is_fetched(wanted, loopback):
    large = [replace(wanted[0], file=replace(wanted[0].file, size_bytes=10**18)), *wanted[1:]]
    with pytest.raises(OutputError, match=r"no room for 8 files, 1,000,[0-9,]+ bytes: .* are free"):
        fetch(large)
    assert loopback.seen == []


def test_a_file_that_is_replaced_needs_room_beside_it(wanted, loopback, monkeypatch):
    """As many at a time as there are connections: three."""
    for each in wanted[:5]:
        each.path.parent.mkdir(exist_ok=True)
        each.path.write_bytes(b"x" * each.file.size_bytes)
    wanted[4].path.write_bytes(CONTENTS[wanted[4].file.name])
    sizes = [each.file.size_bytes for each in wanted]
    needed = sum(sizes[1:4]) + sum(sizes[5:])
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=needed - 1))
    with pytest.raises(OutputError, match=f" 7 files, {needed:,} bytes: {needed - 1:,} are"):
        fetch(wanted)
    assert loopback.seen == []
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=needed))
    assert fetch(wanted).startswith("7 files fetched")


def test_a_file_that_another_process_fetches_is_named(wanted, monkeypatch):
    monkeypatch.setattr("yt8m.locks.PATIENCE", 0.1)
    path = wanted[0].path
    fetched_elsewhere = locked(path.with_name(f".{path.name}.download"), path)
    with fetched_elsewhere, pytest.raises(DownloadError, match=f"{path}: is being written by"):
        fetch(wanted)
    assert are_there(wanted) == {*CONTENTS} - {wanted[0].file.name}


def test_an_error_of_the_disk_stops_all_transfers(wanted, loopback, tmp_path):
    (tmp_path / "train").write_text("a file where the folder belongs")
    with pytest.raises(OutputError, match=r"cannot be written \(Not a directory\)"):
        fetch(wanted)
    assert len(loopback.seen) == 0


def test_a_server_that_cannot_be_reached_stops_all_at_the_first_file(wanted):
    (port,) = free_ports(1)
    nowhere = f"http://127.0.0.1:{port}/"
    lost = [replace(each, url=nowhere + each.file.name) for each in wanted]
    with pytest.raises(UnreachableError, match=f"{nowhere}train.*: the server cannot be reached"):
        fetch(lost)


def never_answers(handler, data):
    """Until whoever asked has given up."""
    handler.rfile.read(1)
    handler.close_connection = True


def closes(handler, data):
    """At once, without a word."""
    handler.close_connection = True


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (never_answers, "the server does not answer, or stopped sending"),
        (closes, "the connection broke off"),
    ],
)
def test_a_file_for_which_a_server_has_no_answer_does_not_stop_the_others(
    wanted, loopback, monkeypatch, fault, said
):
    monkeypatch.setattr("yt8m.download.web_server.TIMEOUT", (120.0, 3.0))
    monkeypatch.setattr("yt8m.download.web_server.RETRIES", 1)
    monkeypatch.setattr("yt8m.download.transfer.BREAKS", 2)
    name = next(iter(CONTENTS))
    loopback.fail(name, *[fault] * 99)
    with pytest.raises(DownloadError, match=f"{name}: {said}$"):
        fetch(wanted)
    assert are_there(wanted) == {*CONTENTS} - {name}


def test_progress_is_counted_in_megabytes_without_what_is_dropped(wanted, loopback, monkeypatch):
    counts = []
    monkeypatch.setattr("yt8m.download.files.MEGABYTE", 1000)
    monkeypatch.setattr("yt8m.progress.Progress.advance", lambda bar, count: counts.append(count))
    loopback.fail(next(iter(CONTENTS)), sends(b"x" * 5000))
    fetch(wanted)
    assert sum(counts) == sum(map(len, CONTENTS.values())) // 1000 and min(counts) < 0
