"""The baseline and our reader return the same."""

import numpy as np
import pytest

from benchmarks.baselines.reading import batches as baseline_batches
from benchmarks.baselines.reading import unparsed
from benchmarks.peers.reading import Parser, shuffled
from benchmarks.reading import races, write_soft_labels, write_taught
from benchmarks.videos import write_videos
from yt8m.data.records import Records
from yt8m.data.schema import Schema
from yt8m.data.value_ranges import YOUTUBE_8M

SCHEMA = Schema({"rgb": 6, "audio": 3}, classes=10)


@pytest.fixture
def manifest(tmp_path):
    return write_videos(tmp_path, 10, SCHEMA, frames=5)


def by_id(stream) -> dict:
    """id -> (frames, number of frames, labels) of each video."""
    return {
        i: (frames[: int(n)], int(n), labels)
        for ids, *rest in stream
        for i, frames, n, labels in zip(ids, *rest, strict=True)
    }


@pytest.mark.parametrize("dequantise", [True, False])
def test_both_ways_read_the_same(manifest, dequantise):
    paths = [str(shard.path) for shard in manifest.shards]
    stream = baseline_batches(paths, SCHEMA.features, SCHEMA.classes, 4, dequantise)
    theirs = by_id([[e.numpy() for e in batch] for batch in stream])
    batch = Records(manifest).batch(np.arange(10))
    names = [name.encode() for name in batch.ids]
    ours = by_id([(names, batch.frames, batch.num_frames, batch.labels)])
    assert sorted(theirs) == sorted(ours)
    assert len(ours) == 10
    for name, (frames, count, labels) in ours.items():
        if dequantise:
            frames = frames * np.float32(YOUTUBE_8M.step) + np.float32(YOUTUBE_8M.first)
        assert (theirs[name][1], theirs[name][0].dtype) == (count, frames.dtype)
        np.testing.assert_allclose(theirs[name][0], frames, atol=1e-6)
        np.testing.assert_array_equal(theirs[name][2], labels)


def parsed(manifest, **settings) -> list:
    paths = [str(shard.path) for shard in manifest.shards]
    sampled = settings.pop("sampled", 0)
    stream = shuffled(paths, Parser(SCHEMA.features, SCHEMA.classes, sampled), 4, **settings)
    return [[each.numpy() for each in batch] for batch in stream]


def test_the_peer_that_parses_batches_reads_the_same(manifest):
    batch = Records(manifest).batch(np.arange(10))
    names = [name.encode() for name in batch.ids]
    ours = by_id([(names, batch.frames, batch.num_frames, batch.labels)])
    theirs = by_id(parsed(manifest))
    assert sorted(theirs) == sorted(ours)
    for name, (frames, count, labels) in ours.items():
        assert theirs[name][1] == count
        np.testing.assert_array_equal(theirs[name][0], frames)
        np.testing.assert_array_equal(theirs[name][2], labels)


def test_the_peers_sampled_frames_are_the_videos(manifest):
    everything = by_id(parsed(manifest))
    for name, (frames, count, _) in by_id(parsed(manifest, sampled=7)).items():
        assert (count, frames.shape) == (7, (7, 9))
        assert {row.tobytes() for row in frames} <= {r.tobytes() for r in everything[name][0]}


def test_the_peers_soft_labels_are_ours(manifest, tmp_path):
    soft = write_soft_labels(manifest, tmp_path, keep=10)
    batch = Records(manifest, soft_labels=soft).batch(np.arange(10))
    ours = dict(zip(batch.ids, batch.teacher, strict=True))
    theirs = parsed(manifest, taught=write_taught(manifest))
    found = {i.decode(): row for ids, *_, rows in theirs for i, row in zip(ids, rows, strict=True)}
    assert found.keys() == ours.keys()
    for name, row in found.items():
        np.testing.assert_allclose(row, ours[name], atol=1e-3)


def test_every_record_is_read_without_parsing(manifest):
    assert len(list(unparsed([str(shard.path) for shard in manifest.shards]))) == 10


def test_soft_labels_belong_to_the_videos(manifest, tmp_path):
    soft = write_soft_labels(manifest, tmp_path, keep=4)
    batch = Records(manifest, soft_labels=soft).batch(np.arange(10))
    assert len(np.unique(batch.teacher[0])) == 5


def test_every_race_counts_all_videos(tmp_path):
    for race in races(tmp_path, 0.004):
        peers = [peer.way for peer in race.peers.values()]
        counts = [way() for way in (race.ours, race.plain, *peers, *race.others.values())]
        assert set(counts) == {8}
