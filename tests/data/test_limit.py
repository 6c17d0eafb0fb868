"""A limit leaves the first records of each shard."""

import json

import numpy as np
import pytest

from tests.data.samples import SMALL, write_split
from tests.data.test_records import soft_labels
from yt8m.data.limit import counts_within, limited, videos_within
from yt8m.data.manifest import read_manifest, write_manifest
from yt8m.data.order import batches, epoch_order
from yt8m.data.records import Records
from yt8m.data.survey import survey_split
from yt8m.errors import ArtefactError, RecordError


@pytest.mark.parametrize(
    ("sizes", "limit", "counts"),
    [
        ([3, 2, 4], 9, [3, 2, 4]),
        ([3, 2, 4], 100, [3, 2, 4]),
        ([3, 2, 4], 6, [2, 1, 3]),  # of 2, 1.33, 2.67
        ([3, 2, 4], 0.5, [2, 1, 2]),  # 5 videos, of 1.67, 1.11, 2.22
        ([10, 10, 10], 0.1, [1, 1, 1]),
        ([100, 1, 1], 2, [1, 1, 1]),  # at least one of each
        ([100, 1, 1], 1, [1, 1, 1]),
        ([5], 1, [1]),
    ],
)
def test_each_shard_has_its_share(sizes, limit, counts):
    assert counts_within(sizes, limit) == counts


def test_so_many_videos_count_as_were_asked_for_and_no_shard_gives_more_than_it_has():
    random = np.random.default_rng(0)
    for _ in range(300):
        sizes = random.integers(1, 30, random.integers(1, 12)).tolist()
        limit = int(random.integers(1, sum(sizes) + 5))
        counts = counts_within(sizes, limit)
        assert all(1 <= count <= size for count, size in zip(counts, sizes, strict=True))
        if all(size * limit >= sum(sizes) for size in sizes):
            assert sum(counts) == min(limit, sum(sizes))
        shares = [size * min(limit, sum(sizes)) / sum(sizes) for size in sizes]
        assert all(abs(c - s) <= 1 for c, s in zip(counts, shares, strict=True))


@pytest.mark.parametrize(
    ("limit", "videos"), [(None, 30), (0.1, 3), (0.07, 3), (1, 1), (7.0, 7), (1000, 30)]
)
def test_a_share_is_rounded_up_to_videos(limit, videos):
    assert videos_within(30, limit) == videos


@pytest.fixture
def whole(tmp_path):
    write_split(tmp_path)  # v0 to v2, v3 and v4, v5 to v8
    return survey_split(str(tmp_path / "*.tfrecord"), SMALL, "train")


def test_the_first_videos_of_each_shard_are_read(whole, tmp_path):
    found = limited(whole, 6)
    assert found.manifest.shard_sizes == [2, 1, 3]
    assert [shard.of for shard in found.manifest.shards] == [3, 2, 4]
    write_manifest(found.manifest, tmp_path / "train.json")
    read = read_manifest(tmp_path / "train.json")
    assert read == found.manifest
    order = epoch_order(read.shard_sizes, 0, 0, 100)
    ids = [id for batch in batches(Records(read), 4, order) for id in batch.ids]
    assert sorted(ids) == ["v0", "v1", "v3", "v5", "v6", "v7"]
    assert found.ids.tolist() == [whole.ids[n] for n in (0, 1, 3, 5, 6, 7)]


def test_a_limit_that_no_split_reaches_changes_nothing(whole, tmp_path):
    for name, manifest in (("a", whole.manifest), ("b", limited(whole, 9).manifest)):
        write_manifest(manifest, tmp_path / f"{name}.json")
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
    assert "of" not in json.loads((tmp_path / "a.json").read_text())["shards"][0]


def test_another_limit_is_another_split(whole, tmp_path):
    digests = set()
    for limit in (4, 5, 6, 9):
        manifest = limited(whole, limit).manifest
        write_manifest(manifest, tmp_path / "train.json")
        digests |= {manifest.digest, (tmp_path / "train.digest").read_text()}
    assert len(digests) == 8


def test_soft_labels_of_the_limited_videos_belong_to_them(whole, tmp_path):
    videos = limited(whole, 6).manifest
    soft = soft_labels(
        tmp_path,
        videos,
        ids=dict(
            zip([f"v{n}" for n in range(6)], ["v0", "v1", "v3", "v5", "v6", "v7"], strict=True)
        ).get,
    )
    batch = Records(videos, soft_labels=soft).batch(np.arange(6))
    assert batch.teacher.argmax(axis=1).tolist() == [0, 1, 2, 3, 4, 5]


def test_a_shard_must_still_hold_what_it_held(whole, tmp_path):
    manifest = limited(whole, 6).manifest
    path = manifest.shards[0].path
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 3])
    with pytest.raises(RecordError, match="bytes, but"):
        Records(manifest).batch(np.arange(1))


def test_a_manifest_with_more_videos_than_a_shard_holds_is_refused(whole, tmp_path):
    path = tmp_path / "train.json"
    write_manifest(limited(whole, 6).manifest, path)
    content = json.loads(path.read_text())
    content["shards"][0]["of"] = 1
    path.write_text(json.dumps(content))
    with pytest.raises(ArtefactError, match="2 of the 1 records of"):
        read_manifest(path)
