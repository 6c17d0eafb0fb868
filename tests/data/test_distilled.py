"""Distilled shards in place of others: refused by `manifest`, which then writes nothing."""

import json

import numpy as np
import pytest
from click.testing import CliRunner

from tests.small import SCHEMA, write_dataset, write_model_config
from yt8m.cli import main
from yt8m.data.distilled import origin, read_origin
from yt8m.data.examples import decode_video, encode_video
from yt8m.data.features import bytes_feature, int64_feature, mapping, read_record
from yt8m.data.manifest import read_manifest
from yt8m.data.schema import Video
from yt8m.data.soft_labels import decode_soft_label, encode_soft_label
from yt8m.data.tfrecord import read_records, write_records
from yt8m.json_files import write_json

OURS, THEIRS = "a1" * 32, "b2" * 32
LAYOUTS = {"soft_labels": "--soft-labels-of", "full": "--full-records-of"}
SHARD = "shard-00001-of-00002.tfrecord"


@pytest.fixture(scope="module")
def videos(tmp_path_factory):
    folder = tmp_path_factory.mktemp("videos")
    write_dataset(folder)
    return folder / "train.json"


def distil(videos, folder, layout, teacher=OURS):
    """A teacher's predictions, all the same, shard by shard."""
    source = read_manifest(videos)
    for number, shard in enumerate(source.shards):
        value = origin(teacher, shard.digest) if teacher else b""
        found = [decode_video(p, SCHEMA, "") for p in read_records(shard.path)]
        write_records(
            folder / f"shard-{number:05d}-of-00002.tfrecord",
            [record(video, layout, value) for video in found],
        )
    return folder


def record(video, layout, value):
    predictions = np.full(SCHEMA.classes, 0.25, np.float32)
    if layout == "soft_labels":
        return encode_soft_label(video.id, video.labels, predictions, 3, value)
    full = Video(video.id, video.labels, video.features, predictions, value)
    return encode_video(full, SCHEMA, "video_id")


def manifest(videos, folder, layout, *options):
    words = ["records", "manifest", folder / "shard-*", "--schema", json.dumps(SCHEMA.as_json())]
    words += ["--split", "train", LAYOUTS[layout], videos, "--out", folder / "manifest.json"]
    return CliRunner().invoke(main, [str(word) for word in [*words, *options]])


def fingerprint(folder, teacher=OURS):
    write_json(folder / "fingerprint.json", {"digest": "0", "teacher": teacher})
    return "--teacher", folder / "fingerprint.json"


def of_another_teacher(folder, others):
    (folder / SHARD).write_bytes((others[THEIRS] / SHARD).read_bytes())


def of_other_videos(folder, others):
    (folder / SHARD).write_bytes((folder / SHARD.replace("00001-", "00000-")).read_bytes())


def half_of_another_teacher(folder, others):
    ours, theirs = list(read_records(folder / SHARD)), read_records(others[THEIRS] / SHARD)
    write_records(folder / SHARD, [*ours[:10], *list(theirs)[10:]])


def of_nobody_known(folder, others):
    (folder / SHARD).write_bytes((others[None] / SHARD).read_bytes())


def all_of_another_teacher(folder, others):
    for file in folder.iterdir():
        file.write_bytes((others[THEIRS] / file.name).read_bytes())


FIRST = "shard-00000-of-00002.tfrecord"
SWAPS = {
    of_another_teacher: (SHARD, "soft labels of teacher b2b2b2b2, expected teacher a1a1a1a1"),
    of_other_videos: (SHARD, "holds soft labels for other videos than those in "),
    half_of_another_teacher: (SHARD, "holds records of several teachers or source shards"),
    of_nobody_known: (SHARD, "soft labels of an unknown teacher, expected teacher a1a1a1a1"),
    all_of_another_teacher: (FIRST, "soft labels of teacher b2b2b2b2, expected teacher a1a1a1a1"),
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("known", [True, False], ids=["teacher known", "teacher not known"])
@pytest.mark.parametrize("swap", SWAPS, ids=lambda swap: swap.__name__)
def test_a_distilled_shard_in_place_of_another_is_refused(videos, tmp_path, layout, known, swap):
    ours = distil(videos, tmp_path / "ours", layout)
    others = {t: distil(videos, tmp_path / str(t), layout, t) for t in (THEIRS, None)}
    swap(ours, others)
    before = (ours / SHARD).read_bytes()
    result = manifest(videos, ours, layout, *(fingerprint(tmp_path) if known else ()))
    if swap is all_of_another_teacher and not known:
        assert result.exit_code == 0, result.output
        assert read_manifest(ours / "manifest.json").teacher == THEIRS[:8]
        return
    name, message = SWAPS[swap]
    assert result.exit_code == 1 and message in result.output
    assert f"{ours / name}: holds" in result.output and "distil it again" in result.output
    assert len(result.output.splitlines()) == 1
    assert (ours / SHARD).read_bytes() == before and not (ours / "manifest.json").exists()


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_manifest_records_whose_predictions_it_lists(videos, tmp_path, layout):
    ours = distil(videos, tmp_path / "ours", layout)
    result = manifest(videos, ours, layout, *fingerprint(tmp_path))
    assert result.exit_code == 0, result.output
    found = read_manifest(ours / "manifest.json")
    assert found.teacher == OURS[:8]
    nobody = distil(videos, tmp_path / "nobody", layout, None)
    assert manifest(videos, nobody, layout).exit_code == 0
    assert read_manifest(nobody / "manifest.json").teacher is None


STUDENTS = {
    "of another teacher": (
        THEIRS,
        "soft labels of teacher b2b2b2b2, but",
        "is of teacher a1a1a1a1",
    ),
    "of nobody known": (None, "of teacher None, but", "is of teacher a1a1a1a1"),
}


@pytest.mark.parametrize("whose", STUDENTS)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_student_does_not_learn_from_another_teacher(videos, tmp_path, layout, whose):
    teacher, *messages = STUDENTS[whose]
    shards = distil(videos, tmp_path / "theirs", layout, teacher)
    assert manifest(videos, shards, layout).exit_code == 0
    write_model_config(tmp_path, "student")
    full = layout == "full"
    words = ["train", tmp_path / "config.json"]
    words += ["--records", shards / "manifest.json" if full else videos]
    words += [] if full else ["--soft-labels", shards / "manifest.json"]
    words += [*fingerprint(tmp_path), "--state", tmp_path / "state", "--out", tmp_path / "out"]
    result = CliRunner().invoke(main, [str(word) for word in words])
    assert result.exit_code == 1 and all(m in result.output for m in messages), result.output
    assert len(result.output.splitlines()) == 1
    assert not (tmp_path / "out").exists() and not (tmp_path / "state").exists()


def test_the_origin_takes_32_bytes_per_record():
    predictions = np.full(200, 0.25, np.float32)
    without, within = (
        encode_soft_label("abcd", (1,), predictions, 99, value) for value in (b"", b"12345678")
    )
    assert len(within) - len(without) == 32
    assert decode_soft_label(within, 200, "").origin == b"12345678"
    np.testing.assert_array_equal(decode_soft_label(within, 200, "").predictions, predictions)


STRANGE = [bytes_feature(b"1234"), bytes_feature(b"123456789"), int64_feature([3]), b"\x0a\xff"]


@pytest.mark.parametrize("value", STRANGE)
def test_an_origin_field_of_another_form_is_ignored(value):
    context, _ = read_record(memoryview(mapping([("distilled_from", value)])))
    assert read_origin(context) == b""
