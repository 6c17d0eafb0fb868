"""Runs that learn from a teacher's predictions."""

from dataclasses import replace

import numpy as np
import pytest

from tests.small import SCHEMA, write_model_config
from tests.training.runs import content
from yt8m.data.examples import decode_video, encode_video
from yt8m.data.records import Records
from yt8m.data.soft_labels import encode_soft_label
from yt8m.data.survey import build_manifest
from yt8m.data.tfrecord import read_records, write_records
from yt8m.errors import TrainingError
from yt8m.serving.graph import load_graph
from yt8m.training.run import average, train


def write_soft_labels(videos, folder, teacher):
    """Manifest of soft labels that are the same for every video."""
    records, first = Records(videos), 0
    for shard in videos.shards:
        ids = records.batch(np.arange(first, first + shard.records)).ids
        payloads = [encode_soft_label(i, (), teacher, SCHEMA.classes) for i in ids]
        write_records(folder / f"soft/{shard.path.name}", payloads)
        first += shard.records
    return build_manifest(str(folder / "soft/*"), SCHEMA, "train", 1, kind="soft_labels")


def test_a_student_learns_from_soft_labels(data, tmp_path):
    """With all weight on a teacher that always predicts class 2, the student does so, too."""
    teacher = np.full(SCHEMA.classes, 0.01, np.float32)
    teacher[2] = 0.99
    soft = write_soft_labels(data["train"], tmp_path, teacher)
    config = write_model_config(tmp_path, "student", epochs=20)
    object.__setattr__(config, "teacher_weight", 1.0)
    train(config, data["train"], tmp_path / "out", tmp_path / "s", soft)

    batch = Records(data["train"]).batch(np.arange(20))
    predictions = load_graph(tmp_path / "out").predict(batch)
    assert (predictions.argmax(axis=1) == 2).all()
    assert np.abs(predictions[:, 2] - 0.99).max() < 0.15


def test_a_student_without_a_teachers_predictions_is_refused(data, trained, tmp_path):
    config = write_model_config(tmp_path, "student")
    message = "student: is a student of teacher, but there are no soft labels; .* --soft-labels"
    with pytest.raises(TrainingError, match=message):
        train(config, data["train"], tmp_path / "x", tmp_path / "s")
    with pytest.raises(TrainingError, match=message):
        start = trained / "a/weights.safetensors"
        average(config, start, data["train"], tmp_path / "x", tmp_path / "s")
    assert not (tmp_path / "x").exists()


def test_soft_labels_for_a_model_without_a_teacher_are_refused(data, tmp_path):
    config = write_model_config(tmp_path, "vlad")
    soft = write_soft_labels(data["train"], tmp_path, np.full(6, 0.5, np.float32))
    with pytest.raises(TrainingError, match=r"vlad: has no teacher, .* leave out --soft-labels"):
        train(config, data["train"], tmp_path / "x", tmp_path / "s", soft)


@pytest.mark.parametrize("name", ["student", "vlad"])
def test_records_may_hold_the_teachers_predictions(data, tmp_path, name):
    """Like distilled records of the layout `full`; a model without a teacher ignores them."""
    videos = replace(data["train"], shards=data["train"].shards[:1])
    teacher = np.full(6, 0.5, np.float32)
    payloads = [
        encode_video(replace(decode_video(p, SCHEMA, ""), predictions=teacher), SCHEMA, "video_id")
        for p in read_records(videos.shards[0].path)
    ]
    write_records(tmp_path / "full/0.tfrecord", payloads)
    full = build_manifest(str(tmp_path / "full/*"), SCHEMA, "train", 1)
    config = write_model_config(tmp_path, name, epochs=1)
    train(config, full, tmp_path / "full", tmp_path / "s")
    if name == "student":
        soft = write_soft_labels(videos, tmp_path, teacher)
        train(config, videos, tmp_path / "other", tmp_path / "s", soft)
    else:
        train(config, videos, tmp_path / "other", tmp_path / "s")
    assert content(tmp_path / "full") == content(tmp_path / "other")
