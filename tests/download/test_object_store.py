"""Objects from a store that fails in every way: listed, fetched once, resumed, or refused with a
reason.
"""

import os
from dataclasses import replace
from hashlib import md5
from pathlib import Path

import pytest

pytest.importorskip("moto", reason="moto, a store to test with, is of the extra dev")

from tests.download.buckets import (
    CREDENTIALS,
    breaks_off,
    environment,
    says,
    slowly,
    storing,
    then,
)
from tests.ports import free_ports
from yt8m.download import object_store
from yt8m.download.files import fetch_all
from yt8m.download.object_store import ObjectStore
from yt8m.download.planned import Wanted
from yt8m.download.server import ChangedError, GoneError, UnreachableError
from yt8m.download.store_plan import read_store_plan
from yt8m.download.store_planning import make_store_plan
from yt8m.download.transfer import part_path
from yt8m.errors import DownloadError

DATA = {f"yt8m/train{n}.tfrecord": os.urandom(100_000 + n) for n in range(3)}
KEY = "yt8m/train1.tfrecord"
ALL = ("s3://bucket/yt8m/train*.tfrecord",)


@pytest.fixture(scope="module")
def store():
    with storing() as empty:
        yield empty


@pytest.fixture
def bucket(store, monkeypatch):
    """A bucket with three objects, small requests, and no patience."""
    monkeypatch.setattr(object_store, "CHUNK", 40_000)
    monkeypatch.setattr(object_store, "ATTEMPTS", 1)
    bucket = store()
    for name, value in environment(bucket).items():
        monkeypatch.setenv(name, value)
    for key, content in DATA.items():
        bucket.put(key, content)
    return bucket


def plan(patterns=ALL, anonymous=False):
    return make_store_plan(ObjectStore(anonymous), "train", patterns, 4)


def wanted(found, folder) -> list[Wanted]:
    places = zip(found.files, found.local_names, strict=True)
    return [Wanted(file, file.name, folder / local) for file, local in places]


def fetch(found, folder, connections=1) -> str:
    each = wanted(found, folder)
    return str(fetch_all(each, lambda _: ObjectStore(False), connections, "download"))


def one(folder) -> Path:
    return folder / "s3/bucket" / KEY


def test_a_plan_has_what_the_patterns_match_once_in_order(bucket, tmp_path):
    bucket.put("yt8m/deeper/train9.tfrecord", b"x")
    bucket.put("yt8m/.train8.tfrecord", b"x")
    bucket.put("yt8m/test0.tfrecord", b"x")
    patterns = ("s3://bucket/yt8m/train[12]*", *ALL, "s3://bucket/*/deeper/*")
    found = plan(patterns)
    names = [file.name.removeprefix("s3://bucket/yt8m/") for file in found.files]
    assert names == [*(f"train{n}.tfrecord" for n in (1, 2, 0)), "deeper/train9.tfrecord"]
    assert [file.size_bytes for file in found.files] == [100_001, 100_002, 100_000, 1]
    assert found.files[0].version == f"etag:{md5(DATA[KEY]).hexdigest()}"
    assert bucket.fetched() == []
    found.write(tmp_path / "plan.json")
    assert read_store_plan(tmp_path / "plan.json", patterns) == found
    assert CREDENTIALS["AWS_SECRET_ACCESS_KEY"] not in (tmp_path / "plan.json").read_text()


def test_a_single_address_needs_no_listing(bucket):
    assert [file.size_bytes for file in plan((f"s3://bucket/{KEY}",)).files] == [100_001]


def test_all_are_fetched_once_and_never_again(bucket, tmp_path):
    found = plan()
    size = sum(map(len, DATA.values()))
    expected = f"3 files fetched ({size:,} bytes), 0 were there already"
    assert fetch(found, tmp_path, connections=3) == expected
    for key, content in DATA.items():
        assert (tmp_path / "s3/bucket" / key).read_bytes() == content
    bucket.seen.clear()
    assert fetch(plan(), tmp_path).startswith("0 files fetched")
    assert bucket.fetched() == []


def test_a_connection_that_breaks_off_is_continued_where_the_last_request_began(bucket, tmp_path):
    found = plan((f"s3://bucket/{KEY}",))
    bucket.fail(KEY, then(lambda: None), breaks_off(9000))
    fetch(found, tmp_path)
    assert one(tmp_path).read_bytes() == DATA[KEY]
    assert [begin for _, begin in bucket.fetched()] == [0, 40_000, 40_000, 80_000]


def test_a_busy_store_is_asked_again_and_a_slow_one_is_waited_for(bucket, tmp_path):
    found = plan((f"s3://bucket/{KEY}",))
    bucket.fail(KEY, says(503, "SlowDown"), slowly(0.02), says(500, "InternalError"))
    fetch(found, tmp_path)
    assert one(tmp_path).read_bytes() == DATA[KEY]


def test_a_store_that_stays_busy_is_given_up_and_the_part_is_kept(bucket, tmp_path):
    found = plan((f"s3://bucket/{KEY}",))
    bucket.fail(KEY, then(lambda: None), *[says(503, "SlowDown")] * 99)
    with pytest.raises(DownloadError, match=rf"s3://bucket/{KEY}: the store is busy.*try later"):
        fetch(found, tmp_path)
    bucket.faults.clear()
    bucket.seen.clear()
    fetch(found, tmp_path)
    assert bucket.fetched()[0] == (KEY, 40_000)
    assert one(tmp_path).read_bytes() == DATA[KEY]


def test_a_killed_process_is_continued_but_not_with_another_version(bucket, tmp_path):
    found = plan((f"s3://bucket/{KEY}",))
    part = part_path(one(tmp_path), found.files[0])
    part.parent.mkdir(parents=True)
    part.write_bytes(DATA[KEY][:70_000])
    other = part_path(one(tmp_path), replace(found.files[0], version="etag:x-1"))
    other.write_bytes(b"x" * 70_000)
    fetch(found, tmp_path)
    assert bucket.fetched()[0] == (KEY, 70_000)
    assert one(tmp_path).read_bytes() == DATA[KEY]
    assert not part.parent.exists()


def test_only_an_object_that_was_replaced_is_fetched_again_once_it_is_planned(bucket, tmp_path):
    before = plan()
    fetch(before, tmp_path)
    bucket.put("yt8m/train0.tfrecord", DATA["yt8m/train0.tfrecord"])  # the same content
    bucket.put(KEY, b"other")
    assert fetch(before, tmp_path).startswith("0 files fetched")
    bucket.seen.clear()
    assert fetch(plan(), tmp_path) == "1 file fetched (5 bytes), 2 were there already"
    assert {key for key, _ in bucket.fetched()} == {KEY} and one(tmp_path).read_bytes() == b"other"


def test_an_object_that_was_replaced_since_it_was_planned_is_named(bucket, tmp_path):
    found = plan()
    bucket.put(KEY, DATA[KEY][::-1])
    with pytest.raises(DownloadError, match=f"{KEY}: has changed since it was planned.*plan again"):
        fetch(found, tmp_path)
    assert not one(tmp_path).exists()
    assert sum(each.path.exists() for each in wanted(found, tmp_path)) == 2


def test_a_mix_of_two_versions_is_never_kept(bucket, tmp_path):
    found = plan((f"s3://bucket/{KEY}",))
    bucket.fail(KEY, then(lambda: bucket.put(KEY, DATA[KEY][::-1])))
    with pytest.raises(DownloadError, match="has changed since it was planned") as error:
        fetch(found, tmp_path)
    assert "split" not in str(error.value) and not one(tmp_path).exists()
    fetch(plan((f"s3://bucket/{KEY}",)), tmp_path)
    assert one(tmp_path).read_bytes() == DATA[KEY][::-1]


def test_an_object_that_was_deleted_since_it_was_planned_is_named(bucket, tmp_path):
    found = plan()
    bucket.delete(KEY)
    with pytest.raises(DownloadError, match=f"s3://bucket/{KEY}: the store has no such object"):
        fetch(found, tmp_path)


def test_a_file_copied_into_place_is_kept_if_its_md5_is_the_etag(bucket, tmp_path):
    for key, content in DATA.items():
        path = tmp_path / "s3/bucket" / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if key != KEY else content[::-1])
    found = plan()
    bucket.seen.clear()
    assert fetch(found, tmp_path).startswith("1 file fetched")
    assert {key for key, _ in bucket.fetched()} == {KEY}


def test_an_object_that_was_uploaded_in_parts_is_known_by_its_etag(bucket, tmp_path, monkeypatch):
    monkeypatch.setattr(object_store, "CHUNK", 4 << 20)
    parts = [os.urandom(5 << 20), b"the rest"]
    words = {"Bucket": "bucket", "Key": "big.tfrecord"}
    upload = bucket.client.create_multipart_upload(**words)["UploadId"]
    tags = []
    for number, part in enumerate(parts, 1):
        more = {"UploadId": upload, "PartNumber": number, "Body": part}
        tags.append({"PartNumber": number, **_tag(bucket.client.upload_part(**words, **more))})
    bucket.client.complete_multipart_upload(
        **words, UploadId=upload, MultipartUpload={"Parts": tags}
    )
    found = plan(("s3://bucket/big.tfrecord",))
    assert found.files[0].version.endswith("-2") and found.files[0].known_md5 is None
    fetch(found, tmp_path)
    assert (tmp_path / "s3/bucket/big.tfrecord").read_bytes() == b"".join(parts)
    assert fetch(found, tmp_path).startswith("0 files fetched")


def _tag(answer) -> dict:
    return {"ETag": answer["ETag"]}


def test_an_empty_object_is_an_empty_file(bucket, tmp_path):
    bucket.put("empty", b"")
    fetch(plan(("s3://bucket/empty",)), tmp_path)
    assert (tmp_path / "s3/bucket/empty").read_bytes() == b""


def test_what_matches_nothing_is_named(bucket):
    with pytest.raises(GoneError, match=r"^s3://bucket/yt8m/none\*: no object matches"):
        plan(("s3://bucket/yt8m/none*",))
    with pytest.raises(GoneError, match=r"^s3://bucket/yt8m: no object matches"):
        plan(("s3://bucket/yt8m",))
    for pattern in ("s3://no-bucket/a*", "s3://no-bucket/a"):
        with pytest.raises(GoneError, match=r"^s3://no-bucket: there is no such bucket; check"):
            plan((pattern,))


def test_objects_that_cannot_be_files_are_named(bucket):
    bucket.put("yt8m/train x.tfrecord", b"x")
    with pytest.raises(DownloadError, match=r"train x.tfrecord: has a name that not every disk"):
        plan()
    bucket.delete("yt8m/train x.tfrecord")
    bucket.put(f"yt8m/{'x' * 250}", b"x")  # its part, which is hidden, would have a longer name
    with pytest.raises(DownloadError, match=r"xxx: has a name that not every disk"):
        plan(("s3://bucket/yt8m/x*",))


def test_objects_that_cannot_be_on_one_disk_are_named(bucket):
    for name in ("trainA", "traina", "traina/deep/x"):
        bucket.put(f"yt8m/{name}", b"x")
    at = r"s3://bucket/yt8m/"
    with pytest.raises(DownloadError, match=rf"{at}traina: has the name of {at}trainA but for its"):
        plan((f"{at}train[aA]",))
    for pattern in (f"{at}traina", f"{at}trainA"):
        problem = rf"{pattern}: is the name of a folder, too, that of {at}traina/deep/x; rename one"
        with pytest.raises(DownloadError, match=problem):
            plan((pattern, f"{at}*/*/x"))
    assert plan((f"{at}*/*/x",)).local_names == ["s3/bucket/yt8m/traina/deep/x"]


def test_a_refused_access_is_named_with_a_remedy_and_without_the_credentials(bucket, tmp_path):
    found = plan((f"s3://bucket/{KEY}",))
    bucket.fail(KEY, *[says(403, "InvalidAccessKeyId")] * 99)
    with pytest.raises(DownloadError, match=r"refuses access .*AWS_ACCESS_KEY_ID.*anonymous") as e:
        fetch(found, tmp_path)
    assert not [word for word in CREDENTIALS.values() if word in str(e.value)]


def test_without_credentials_only_public_objects_are_read(bucket):
    with pytest.raises(DownloadError, match=r"the store refuses access"):
        plan((f"s3://bucket/{KEY}",), anonymous=True)
    bucket.put("public", b"x", ACL="public-read")
    assert [file.size_bytes for file in plan(("s3://bucket/public",), anonymous=True).files] == [1]


def test_a_store_that_cannot_be_reached_is_named(bucket, monkeypatch):
    (port,) = free_ports(1)
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{port}")
    with pytest.raises(UnreachableError, match=r"^s3://bucket/yt8m.*: the store cannot be reached"):
        plan()


@pytest.mark.parametrize("address", ["localhost:9000", "ftp://x", "https://id:secret@x", "https:"])
def test_an_address_of_a_store_that_is_none_is_refused(bucket, monkeypatch, address):
    monkeypatch.setenv("AWS_ENDPOINT_URL", address)
    with pytest.raises(DownloadError, match=r"AWS_ENDPOINT_URL: is no address") as error:
        plan()
    assert "secret" not in str(error.value)


def test_a_store_of_its_own_address_takes_precedence(bucket, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", bucket.address)
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    assert len(plan().files) == 3


def test_changed_is_an_error_of_its_own(bucket):
    found = plan((f"s3://bucket/{KEY}",)).files[0]
    bucket.put(KEY, b"other")
    with pytest.raises(ChangedError):
        ObjectStore(False).confirm(found.name, found)
