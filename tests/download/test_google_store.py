"""Objects of Google's store, whose answers a program gives in its place."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from yt8m.download import object_store
from yt8m.download.files import fetch_all
from yt8m.download.object_store import ObjectStore
from yt8m.download.planned import Wanted
from yt8m.download.server import GoneError
from yt8m.download.store_planning import make_store_plan
from yt8m.errors import DownloadError

PROGRAM = Path(__file__).with_name("google_store.py")
DATA = {f"yt8m/train{n}.tfrecord": os.urandom(100_000 + n) for n in range(3)}
KEY = "yt8m/train1.tfrecord"


@pytest.fixture
def bucket(tmp_path, monkeypatch):
    """The folder of a bucket with three objects."""
    folder = tmp_path / "bucket"
    for key, content in DATA.items():
        (folder / key).parent.mkdir(parents=True, exist_ok=True)
        (folder / key).write_bytes(content)
    command = [sys.executable, str(PROGRAM), str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as store:
        port = store.stdout.readline().strip()
        monkeypatch.setenv("CLOUD_STORAGE_EMULATOR_ENDPOINT", f"http://127.0.0.1:{port}")
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        monkeypatch.setattr(object_store, "CHUNK", 40_000)
        yield folder
        store.kill()


def plan(pattern):
    return make_store_plan(ObjectStore(anonymous=True), "train", (pattern,), 4)


def fetch(found, folder) -> str:
    pairs = zip(found.files, found.local_names, strict=True)
    wanted = [Wanted(file, file.name, folder / local) for file, local in pairs]
    return str(fetch_all(wanted, lambda _: ObjectStore(anonymous=True), 2, "download"))


def test_objects_are_fetched_once_by_generation_and_verified_by_md5(bucket, tmp_path):
    found = plan("gs://bucket/yt8m/train*")
    assert [file.md5 for file in found.files] == [
        hashlib.md5(data).hexdigest() for data in DATA.values()
    ]
    assert fetch(found, tmp_path) == "3 files fetched (300,003 bytes), 0 were there already"
    for key, content in DATA.items():
        assert (tmp_path / "gs/bucket" / key).read_bytes() == content
    (bucket / KEY).write_bytes(b"other")
    again = plan("gs://bucket/yt8m/train*")
    assert [a.version == b.version for a, b in zip(found.files, again.files, strict=True)] == [
        *(True, False, True)
    ]
    assert fetch(again, tmp_path) == "1 file fetched (5 bytes), 2 were there already"


def test_content_with_another_md5_is_refused(bucket, tmp_path):
    (bucket / "wrong.tfrecord").write_bytes(b"content")
    with pytest.raises(
        DownloadError, match=r"^gs://bucket/wrong.tfrecord: has MD5 .* but the plan"
    ):
        fetch(plan("gs://bucket/wrong.tfrecord"), tmp_path)
    assert not (tmp_path / "gs/bucket/wrong.tfrecord").exists()


def test_what_is_not_there_is_named(bucket, tmp_path):
    found = plan(f"gs://bucket/{KEY}")
    (bucket / KEY).unlink()
    with pytest.raises(GoneError, match=r"^gs://bucket/none\*: no object matches"):
        plan("gs://bucket/none*")
    with pytest.raises(GoneError, match=r"^gs://no-bucket: there is no such bucket"):
        plan("gs://no-bucket/a")
    with pytest.raises(DownloadError, match=f"^gs://bucket/{KEY}: the store has no such object"):
        fetch(found, tmp_path)
