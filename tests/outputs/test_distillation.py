"""A teacher's predictions as records: both layouts, resuming, and the original's field names."""

from dataclasses import replace

import numpy as np
import pytest
import tensorflow as tf

from tests.mounts import mounted, remount
from tests.outputs.graphs import mean_byte_graph
from tests.small import SCHEMA, write_dataset
from yt8m.data.records import Records
from yt8m.data.survey import build_manifest
from yt8m.errors import ConfigError, OutputError
from yt8m.outputs import distillation
from yt8m.outputs.distillation import Layout, distil


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    return write_dataset(tmp_path_factory.mktemp("data"))["train"]


@pytest.fixture
def graph():
    return mean_byte_graph("teacher")


def expected(graph, source):
    return graph.predict(Records(source).batch(np.arange(source.records)))


def test_soft_labels_are_read_together_with_their_videos(graph, source, tmp_path):
    distil(graph, source, [0, 1], Layout("soft_labels", 900), 16, tmp_path / "s", tmp_path / "out")
    names = sorted(p.name for p in (tmp_path / "out").iterdir())
    assert names == ["shard-00000-of-00002.tfrecord", "shard-00001-of-00002.tfrecord"]
    soft = build_manifest(str(tmp_path / "out/*"), SCHEMA, "train", 1, kind="soft_labels")
    assert soft.teacher == graph.teacher
    batch = Records(source, soft_labels=soft).batch(np.arange(source.records))
    np.testing.assert_allclose(batch.teacher, expected(graph, source), atol=5e-4)


def test_full_records_are_self_contained_and_have_the_originals_fields(graph, source, tmp_path):
    distil(graph, source, [0, 1], Layout("full", 1), 16, tmp_path / "s", tmp_path / "out")
    full = Records(build_manifest(str(tmp_path / "out/*"), SCHEMA, "train", 1))
    ours, theirs = full.batch(np.arange(60)), Records(source).batch(np.arange(60))
    assert ours.ids == theirs.ids
    np.testing.assert_array_equal(ours.frames, theirs.frames)
    np.testing.assert_array_equal(ours.labels, theirs.labels)
    np.testing.assert_allclose(ours.teacher, expected(graph, source), atol=1e-6)
    record = tf.train.SequenceExample.FromString(
        next(
            tf.data.TFRecordDataset(
                str(tmp_path / "out/shard-00000-of-00002.tfrecord")
            ).as_numpy_iterator()
        )
    )
    theirs = {"video_id", "labels", "predictions"}
    assert set(record.context.feature) == theirs | {"distilled_from"}  # which they pass by
    assert set(record.feature_lists.feature_list) == {"rgb", "audio"}


def test_a_killed_job_resumes_with_the_next_shard(graph, source, tmp_path, monkeypatch):
    layout, arguments = Layout("soft_labels", 900), (16, tmp_path / "s", tmp_path / "out")
    original, written = distillation.write_records, []

    def write_and_fail(path, payloads):
        if len(written) == 1:
            raise KeyboardInterrupt
        written.append(path.name)
        return original(path, payloads)

    monkeypatch.setattr(distillation, "write_records", write_and_fail)
    with pytest.raises(KeyboardInterrupt):
        distil(graph, source, [0, 1], layout, *arguments)
    assert not (tmp_path / "out").exists()
    again = []
    monkeypatch.setattr(
        distillation, "write_records", lambda p, r: again.append(p.name) or original(p, r)
    )
    distil(graph, source, [0, 1], layout, *arguments)
    assert written == ["shard-00000-of-00002.tfrecord"]
    assert again == ["shard-00001-of-00002.tfrecord"]
    assert len(list((tmp_path / "out").iterdir())) == 2


def leave_a_shard(monkeypatch, *arguments):
    """Shard 0 waits in the state's folder for shard 1, which never comes."""
    original = distillation.write_records

    def fail_at_the_second(path, payloads):
        if path.name.startswith("shard-00001"):
            raise KeyboardInterrupt
        return original(path, payloads)

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(distillation, "write_records", fail_at_the_second)
        distil(*arguments)


OTHERS = ["teacher", "data", "settings"]


@pytest.mark.parametrize("other", OTHERS)
def test_shards_of_other_inputs_are_discarded(graph, source, tmp_path, monkeypatch, other):
    """A killed job is followed by one with another teacher, other records or another layout."""
    layout, state = Layout("soft_labels", 900), tmp_path / "s"
    theirs = {
        "teacher": (replace(graph, fingerprint="another"), source, [0, 1], layout),
        "data": (graph, replace(source, shards=source.shards[::-1]), [0, 1], layout),
        "settings": (graph, source, [0, 1], Layout("soft_labels", 2)),
    }
    leave_a_shard(monkeypatch, *theirs[other], 16, state, tmp_path / "x")
    assert len(list(state.glob("*/shard-00000-*"))) == 1
    distil(graph, source, [0, 1], layout, 16, tmp_path / "undisturbed", tmp_path / "whole")
    distil(graph, source, [0, 1], layout, 16, state, tmp_path / "out")
    assert contents(tmp_path / "out") == contents(tmp_path / "whole")
    assert not state.exists()


def contents(folder):
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_a_shard_number_beyond_the_split_is_refused(graph, source, tmp_path):
    with pytest.raises(ConfigError, match="shard 2: split train has only 2 shards"):
        distil(graph, source, [2], Layout("full", 1), 16, tmp_path / "s", tmp_path / "out")


def test_a_full_disk_leaves_no_partial_shard_and_the_job_resumes(
    graph, source, tmp_path, monkeypatch
):
    """The state and the shards are on different disks, so that shards have to be copied."""
    state, out = tmp_path / "state", tmp_path / "disk/out"
    arguments = (graph, source, [0, 1], Layout("full", 1), 16, state, out)
    with mounted(tmp_path / "disk", "12k"):
        first = out / "shard-00000-of-00002.tfrecord"
        with pytest.raises(OutputError, match=f"{first}: cannot be written .No space left"):
            distil(*arguments)
        assert list(out.iterdir()) == [] and len(list(state.glob("*/shard-*"))) == 2
        remount(tmp_path / "disk", "size=10m")
        monkeypatch.setattr(distillation, "predict_records", None)  # nothing is predicted again
        distil(*arguments)
        assert len(list(out.iterdir())) == 2 and not state.exists()


def test_a_kill_while_shards_are_moved_into_place_loses_none(graph, source, tmp_path, monkeypatch):
    arguments = (graph, source, [0, 1], Layout("full", 1), 16, tmp_path / "s", tmp_path / "out")
    original = distillation._link_or_copy

    def fail_at_the_second(finished, place):
        if place.name.startswith("shard-00001"):
            raise KeyboardInterrupt
        original(finished, place)

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(distillation, "_link_or_copy", fail_at_the_second)
        distil(*arguments)
    monkeypatch.setattr(distillation, "predict_records", None)  # nothing is predicted again
    distil(*arguments)
    assert len(list((tmp_path / "out").iterdir())) == 2
