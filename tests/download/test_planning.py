"""Plans of what to download: asked of a server, written, and read back."""

import hashlib
import json

import pytest

from yt8m.download.names import Subset
from yt8m.download.plan import File, ListedPlan, Origin, plan_of, read_plan
from yt8m.download.planning import Addresses, make_plan
from yt8m.download.web_server import WebServer
from yt8m.errors import ArtefactError, DownloadError

ORIGIN = Origin(2, "frame", "train", "1/1")
CONTENTS = {f"train{a}{b}.tfrecord": b"x" * (n + 1) for n, (a, b) in enumerate(["bB", "bb", "aZ"])}
LISTS = "/2/download_plans/frame_train.json"


def plan(loopback, origin=ORIGIN) -> ListedPlan:
    server = WebServer(4)
    try:
        return make_plan(server, Addresses(loopback.address, loopback.address), origin, 4)
    finally:
        server.close()


def test_a_plan_has_size_and_md5_of_every_file_in_the_order_on_disk(loopback, tmp_path):
    loopback.publish("train", CONTENTS)
    found = plan(loopback)
    assert found.local_names == [f"train{n:04d}.tfrecord" for n in (51, 63, 89)]
    for file in found.files:
        data = CONTENTS[file.name]
        assert (file.md5, file.size_bytes) == (hashlib.md5(data).hexdigest(), len(data))
    assert (found.missing, found.size_bytes, found.address) == ((), 6, loopback.address)
    assert {method for method, path, _ in loopback.seen if path != LISTS} == {"HEAD"}
    found.write(tmp_path / "plan.json")
    assert read_plan(tmp_path / "plan.json", ORIGIN) == found


def test_a_subset_is_asked_for_alone(loopback):
    names = {f"train{n:04d}.tfrecord": b"x" for n in range(40)}
    loopback.publish("train", names)
    found = plan(loopback, Origin(2, "frame", "train", "2/5"))
    expected = {name for name in names if name in Subset(2, 5)}
    assert {file.name for file in found.files} == expected
    assert len(loopback.seen) == 1 + len(expected) < 20


def test_files_that_the_server_lacks_are_in_the_plan_as_missing(loopback):
    loopback.publish("train", CONTENTS)
    loopback.files.pop("/2/frame/train/trainbb.tfrecord")
    found = plan(loopback)
    assert found.missing == ("trainbb.tfrecord",)
    assert {file.name for file in found.files} == {*CONTENTS} - {"trainbb.tfrecord"}


def test_sizes_stay_open_if_the_server_does_not_tell(loopback):
    loopback.publish("train", CONTENTS)
    loopback.heads = False
    assert [file.size_bytes for file in plan(loopback).files] == [None] * 3


def test_a_split_that_the_server_lacks_is_named(loopback):
    with pytest.raises(DownloadError, match=r"frame_train.json: the server has no such file.*lev"):
        plan(loopback)
    loopback.publish("train", CONTENTS)
    for name in CONTENTS:
        loopback.files.pop(f"/2/frame/train/{name}")
    with pytest.raises(DownloadError, match="the server has none of these 3 files: http"):
        plan(loopback)
    with pytest.raises(DownloadError, match="none of its 3 files is in subset 1/100000"):
        plan(loopback, Origin(2, "frame", "train", "1/100000"))


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"<html>", "is not valid JSON"),
        (b"{}", "files: is missing"),
        (b'{"files": {"a.tfrecord": "123"}}', "expected an MD5 of 32"),
        (b'{"files": {"../a": "%s"}}' % (b"0" * 32), "expected a name of a file"),
        (b'{"files": {"-a": "%s"}}' % (b"0" * 32), "expected a name of a file"),
    ],
)
def test_a_list_that_is_none_is_refused_with_its_address(loopback, content, problem):
    loopback.files[LISTS] = content
    with pytest.raises((DownloadError, ArtefactError), match=f"^{loopback.address}.*{problem}"):
        plan(loopback)


def test_two_files_of_one_name_on_disk_are_refused():
    files = [File(name, "0" * 32) for name in ("trainaa.tfrecord", "train0000.tfrecord")]
    with pytest.raises(ValueError, match=r"another file has this name on disk, train0000"):
        plan_of(ORIGIN, files)
    with pytest.raises(ValueError, match=r"testaa.tfrecord: does not begin with .* split, train"):
        plan_of(ORIGIN, [File("testaa.tfrecord", "0" * 32)])


@pytest.mark.parametrize("word", ["version", "level", "split", "subset", "format", "files"])
def test_a_plan_of_something_else_is_refused(tmp_path, word):
    path = tmp_path / "plan.json"
    plan_of(ORIGIN, [File("trainaa.tfrecord", "0" * 32, 5)]).write(path)
    content = json.loads(path.read_text()) | {word: "other"}
    path.write_text(json.dumps(content))
    with pytest.raises(ArtefactError, match=f"plan.json: {word}: is 'other'"):
        read_plan(path, ORIGIN)
