"""Records written by all implementations are read back equal."""

import numpy as np
import pytest

from benchmarks.soft_labels import by_peer, distilled, full_by_protos, predictions
from benchmarks.videos import write_videos
from yt8m.data.manifest import Manifest
from yt8m.data.records import Records
from yt8m.data.schema import Schema
from yt8m.data.survey import build_manifest

SCHEMA = Schema({"rgb": 6, "audio": 3}, classes=10)


def split(folder, kind: str = "frames") -> Manifest:
    return build_manifest(sorted(folder.iterdir()), SCHEMA, "train", kind=kind)


def test_full_records_of_ours_and_the_baseline_are_the_same_videos(tmp_path):
    manifest = write_videos(tmp_path, 9, SCHEMA, frames=5)
    table = predictions(10)
    assert distilled(manifest, table, tmp_path, "full") == 9
    assert full_by_protos(manifest, table, tmp_path) == 9
    ours, theirs = (Records(split(tmp_path / n)).batch(np.arange(9)) for n in ("full", "protos"))
    rows = [theirs.ids.index(name) for name in ours.ids]  # the baseline shuffles
    for name in ("frames", "num_frames", "labels"):
        np.testing.assert_array_equal(getattr(theirs, name)[rows], getattr(ours, name))
    assert {row.tobytes() for row in theirs.teacher} == {row.tobytes() for row in ours.teacher}


@pytest.mark.parametrize("kind", ["full", "soft_labels"])
def test_the_peers_records_hold_what_ours_do(kind, tmp_path, monkeypatch):
    monkeypatch.setattr("benchmarks.soft_labels.KEEP", 4)
    manifest = write_videos(tmp_path, 9, SCHEMA, frames=5)
    table = predictions(10)
    assert distilled(manifest, table, tmp_path, kind) == 9
    assert by_peer(manifest, table, tmp_path, kind, keep=4) == 9
    batches = []
    for name in (kind, f"peer-{kind}"):
        written = split(tmp_path / name, "frames" if kind == "full" else kind)
        soft = None if kind == "full" else written
        records = Records(written if kind == "full" else manifest, soft_labels=soft)
        batches.append(records.batch(np.arange(9)))
    ours, theirs = batches
    assert theirs.ids == ours.ids
    np.testing.assert_array_equal(theirs.frames, ours.frames)
    np.testing.assert_array_equal(theirs.labels, ours.labels)
    np.testing.assert_allclose(theirs.teacher, ours.teacher, atol=1e-6)


def test_soft_labels_are_the_tables_rows(tmp_path):
    manifest = write_videos(tmp_path, 9, SCHEMA, frames=5)
    table = predictions(10)
    assert distilled(manifest, table, tmp_path, "soft_labels") == 9
    soft = split(tmp_path / "soft_labels", "soft_labels")
    teacher = Records(manifest, soft_labels=soft).batch(np.arange(3)).teacher
    np.testing.assert_allclose(teacher, table[:3], atol=1e-3)
