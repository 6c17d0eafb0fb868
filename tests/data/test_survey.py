"""Listing shards: sound ones are counted, damaged ones are named before work begins."""

import hashlib
import os
import shutil

import numpy as np
import pytest

from tests.data.samples import MEANS, SMALL, make_video, write_split
from yt8m.data import survey
from yt8m.data.examples import encode_video
from yt8m.data.schema import Schema
from yt8m.data.survey import build_manifest, find_shards, survey_split
from yt8m.data.tfrecord import write_records
from yt8m.errors import RecordError


@pytest.mark.parametrize("workers", [1, 3])
def test_shards_are_listed_by_name_with_counts_and_digests(tmp_path, workers):
    write_split(tmp_path)
    manifest = build_manifest(str(tmp_path / "*.tfrecord"), SMALL, "train", workers)
    assert manifest.shard_sizes == [3, 2, 4]
    for number, shard in enumerate(manifest.shards):
        assert shard.path == tmp_path / f"train-{number:02}.tfrecord"
        data = shard.path.read_bytes()
        assert (shard.size_bytes, shard.digest) == (len(data), hashlib.sha256(data).hexdigest())


def test_given_paths_keep_their_order(tmp_path):
    paths = [shard.path for shard in write_split(tmp_path).shards]
    assert build_manifest(paths[::-1], SMALL, "train").shard_sizes == [4, 2, 3]


def test_a_pattern_that_matches_nothing_is_named(tmp_path):
    with pytest.raises(RecordError, match=r"train-\*: no shard matches this pattern"):
        find_shards(str(tmp_path / "train-*"))


def test_a_missing_shard_is_named(tmp_path):
    with pytest.raises(RecordError, match=r"gone\.tfrecord: cannot be read"):
        build_manifest([tmp_path / "gone.tfrecord"], SMALL, "train")


def test_an_empty_shard_is_named(tmp_path):
    write_split(tmp_path)
    write_records(tmp_path / "train-01.tfrecord", [])
    with pytest.raises(RecordError, match=r"train-01\.tfrecord: holds no records"):
        build_manifest(str(tmp_path / "*"), SMALL, "train")


def test_a_split_without_shards_is_an_error():
    with pytest.raises(RecordError, match="split train: has no shards"):
        build_manifest([], SMALL, "train")


def test_shards_in_different_folders_may_have_the_same_name(tmp_path):
    for folder in ("a", "b"):
        write_records(tmp_path / folder / "x.tfrecord", [encode_video(make_video(1), SMALL)])
    assert build_manifest(str(tmp_path / "*/x.tfrecord"), SMALL, "train").shard_sizes == [1, 1]


def test_a_shard_that_is_listed_twice_is_an_error_whatever_form_its_path_has(tmp_path):
    path = write_split(tmp_path).shards[0].path
    (tmp_path / "link").symlink_to(path)
    for again in (path, tmp_path / "." / path.name, tmp_path / "link"):
        with pytest.raises(RecordError, match=r"split train: .* is listed twice; list it once"):
            build_manifest([path, again], SMALL, "train")


@pytest.mark.parametrize("shards", [[[True, False]], [[True, True], [False]]])
def test_predictions_for_only_some_videos_are_an_error(tmp_path, shards):
    for name, have in enumerate(shards):
        scores = [np.zeros(SMALL.classes, np.float32) if one else None for one in have]
        videos = [make_video(n, predictions=p) for n, p in enumerate(scores)]
        write_records(tmp_path / f"{name}", [encode_video(video, SMALL) for video in videos])
    with pytest.raises(RecordError, match=r"1 of its \d records hold no predictions, but others"):
        build_manifest(str(tmp_path / "*"), SMALL, "train")


def test_a_split_without_labels_is_an_error_if_they_are_required(tmp_path):
    video = make_video(1)
    unlabelled = encode_video(type(video)(video.id, (), video.features), SMALL)
    write_records(tmp_path / "test-00", [unlabelled] * 2)
    assert build_manifest([tmp_path / "test-00"], SMALL, "test").records == 2
    with pytest.raises(RecordError, match="split test: none of the videos in 1 shards has a label"):
        build_manifest([tmp_path / "test-00"], SMALL, "test", require_labels=True)


def test_the_first_damage_in_each_shard_is_reported(tmp_path):
    write_split(tmp_path)
    for number, position in ((0, -1), (2, 3)):
        path = tmp_path / f"train-{number:02}.tfrecord"
        data = bytearray(path.read_bytes())
        data[position] ^= 1
        path.write_bytes(data)
    with pytest.raises(RecordError) as error:
        build_manifest(str(tmp_path / "*"), SMALL, "train")
    lines = str(error.value).splitlines()
    assert lines[0] == "split train: 2 of 3 shards cannot be used:"
    assert "train-00.tfrecord, record 2: the CRC of the data is wrong" in lines[1]
    assert "train-02.tfrecord, record 0: the CRC of the length is wrong" in lines[2]
    assert lines[3].startswith("If the shard is right, fix dataset.classes, dataset.features or")


def test_at_most_ten_damaged_shards_are_named(tmp_path):
    for number in range(13):
        write_records(tmp_path / f"{number:02}", [b""])
    with pytest.raises(RecordError) as error:
        build_manifest(str(tmp_path / "*"), SMALL, "train")
    lines = str(error.value).splitlines()
    assert len(lines) == 13
    assert lines[-2] == "  and 3 more."


@pytest.mark.parametrize(
    ("schema", "message"),
    [
        (
            Schema({"rgb": 7, "audio": 3}, 10),
            "record 0: rgb, frame 0: holds 6 bytes; expected 7",
        ),
        (Schema({"rgb": 6, "audio": 3}, 2), "record 2: labels: holds 2, but there are 2 classes"),
        (MEANS, "record 0: mean_rgb: is missing"),
    ],
)
def test_records_of_another_schema_are_refused(tmp_path, schema, message):
    path = write_split(tmp_path).shards[0].path
    with pytest.raises(RecordError, match=message):
        build_manifest([path], schema, "train")


@pytest.fixture
def read(tmp_path, monkeypatch):
    """Three shards, and a list of the names of those that are read from now on."""
    write_split(tmp_path)
    names = []
    survey_shard = survey.survey_shard

    def noted(path, *arguments):
        names.append(path.name)
        return survey_shard(path, *arguments)

    monkeypatch.setattr(survey, "survey_shard", noted)
    return names


def survey_again(folder, schema=SMALL, **more):
    paths = sorted(folder.glob("*.tfrecord"))
    return survey_split(paths, schema, "train", 1, state=folder / "state", **more)


def test_only_a_shard_that_was_replaced_is_read_again(tmp_path, read):
    first = survey_again(tmp_path)
    assert len(read) == 3
    again = survey_again(tmp_path)
    assert len(read) == 3
    assert again.manifest == first.manifest and again.ids.tolist() == first.ids.tolist()
    path = tmp_path / "train-01.tfrecord"
    date = path.stat().st_mtime
    write_records(path, [encode_video(make_video(seed), SMALL) for seed in (11, 12, 13)])
    os.utime(path, (date, date))
    changed = survey_again(tmp_path)
    assert read[3:] == ["train-01.tfrecord"]
    assert changed.manifest == build_manifest(str(tmp_path / "*.tfrecord"), SMALL, "train")
    assert changed.manifest.shard_sizes == [3, 3, 4]


def test_a_replacement_with_the_same_content_is_read_and_gives_the_same_manifest(tmp_path, read):
    first = survey_again(tmp_path)
    path = tmp_path / "train-01.tfrecord"
    shutil.copy2(path, tmp_path / "copy")
    (tmp_path / "copy").rename(path)
    assert survey_again(tmp_path).manifest == first.manifest
    assert read[3:] == ["train-01.tfrecord"]


def test_shards_read_before_damage_was_found_are_not_read_again(tmp_path, read):
    path = tmp_path / "train-01.tfrecord"
    whole = path.read_bytes()
    path.write_bytes(whole[:-1])
    for _ in range(2):
        with pytest.raises(RecordError, match=r"train-01\.tfrecord, record 1: cut off"):
            survey_again(tmp_path)
    path.write_bytes(whole)
    survey_again(tmp_path)
    assert sorted(read[:3]) == [f"train-0{number}.tfrecord" for number in range(3)]
    assert read[3:] == ["train-01.tfrecord"] * 2


def test_findings_for_another_schema_are_not_used(tmp_path, read):
    survey_again(tmp_path)
    manifest = survey_again(tmp_path, Schema(SMALL.features, classes=20, max_frames=8)).manifest
    assert len(read) == 6 and manifest.schema.classes == 20
    assert len(list((tmp_path / "state").iterdir())) == 1


def test_shards_that_a_killed_process_had_read_are_not_read_again(tmp_path, read):
    """Killed when it reaches the third shard; the last line that it wrote is truncated, too."""
    paths = sorted(tmp_path.glob("*.tfrecord"))
    paths[2].rename(tmp_path / "third")
    os.mkfifo(paths[2])
    with pytest.raises(RecordError, match="it is a named pipe"):
        survey_again(tmp_path)
    [kept] = (tmp_path / "state").iterdir()
    kept.write_bytes(kept.read_bytes()[:-5])
    (tmp_path / "third").rename(paths[2])
    survey_again(tmp_path)
    assert read == [paths[0].name, paths[1].name, paths[1].name, paths[2].name]


def test_a_shard_that_changes_while_it_is_read_is_refused(tmp_path, monkeypatch):
    write_split(tmp_path)
    survey_shard = survey.survey_shard

    def grows(path, *arguments):
        found = survey_shard(path, *arguments)
        with path.open("ab") as file:
            file.write(b"more")
        return found

    monkeypatch.setattr(survey, "survey_shard", grows)
    with pytest.raises(RecordError, match=r"train-00\.tfrecord: changed while it was read"):
        survey_again(tmp_path)
