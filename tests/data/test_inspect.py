"""Statistics of shards, including damage."""

from dataclasses import replace

import numpy as np
import pytest

from tests.data.samples import MEANS, SMALL, make_video, write_split
from yt8m.data.examples import encode_video
from yt8m.data.inspect import inspect_shards, schema_of
from yt8m.data.inspection_report import format_report
from yt8m.data.schema import Schema, Video
from yt8m.data.tfrecord import write_records
from yt8m.errors import RecordError


def shard_of(path, *videos: Video, schema=SMALL):
    write_records(path, [encode_video(video, schema) for video in videos])
    return path


@pytest.fixture
def paths(tmp_path):
    """Nine videos of 4, 1 and 7 frames in turn; the label of each is its number."""
    return [shard.path for shard in write_split(tmp_path).shards]


def test_records_frames_and_labels_are_counted(paths):
    found = inspect_shards(paths)
    assert (found.shards, found.records, found.damages) == (3, 9, [])
    assert found.frames == {4: 3, 1: 3, 7: 3}
    assert found.labels_per_video == {1: 9}
    assert found.labels == dict.fromkeys(range(9), 1)


@pytest.mark.parametrize("schema", [SMALL, MEANS])
def test_the_schema_is_taken_from_the_first_record(tmp_path, schema):
    path = shard_of(tmp_path / "a", make_video(3, schema=schema), schema=schema)
    found = schema_of([path])
    assert (found.layout, dict(found.features)) == (schema.layout, dict(schema.features))
    assert inspect_shards([path]).records == 1


def test_the_schema_is_what_most_records_agree_on(tmp_path):
    odd = make_video(1, schema=(narrow := Schema({"rgb": 5, "audio": 3}, 10)))
    records = [b"\x6cnonsense", encode_video(odd, narrow)]
    records += [encode_video(make_video(n), SMALL) for n in range(4)]
    write_records(tmp_path / "mixed", records)
    found = inspect_shards([tmp_path / "mixed"])
    assert dict(found.schema.features) == dict(SMALL.features) and found.records == 4
    assert [d.split("mixed, ")[1][:9] for d in found.damages] == ["record 0:", "record 1:"]
    assert "rgb, frame 0: holds 5 bytes; expected 6" in found.damages[1]


def test_distilled_records_reveal_the_number_of_classes(tmp_path):
    path = shard_of(tmp_path / "a", make_video(3, predictions=np.zeros(10, np.float32)))
    assert schema_of([path]).classes == 10
    assert inspect_shards([path]).with_predictions == 1


def test_extreme_bytes_silence_and_dummies_are_counted(tmp_path):
    rgb = np.tile(np.uint8([[0, 255, 128, 128, 0, 7]]), (4, 1))
    silent = Video(
        "silent", (), {"rgb": rgb + np.arange(4, dtype="u1")[:, None], "audio": rgb[:, :3]}
    )
    dummy = Video(
        "dummy", (), {"rgb": np.full((2, 6), 127, "u1"), "audio": np.eye(2, 3, dtype="u1")}
    )
    found = inspect_shards([shard_of(tmp_path / "a", silent, dummy)])
    audio = found.features["audio"]
    assert (audio.values, audio.at_0, audio.at_255, audio.constant) == (18, 8, 4, 1)
    assert found.features["rgb"].constant == 1
    assert found.dummies == 1


def test_damage_is_listed_and_later_records_are_still_read(paths):
    data = bytearray(paths[0].read_bytes())
    data[20] ^= 1  # the payload of record 0: passed over
    paths[0].write_bytes(data)
    data = bytearray(paths[1].read_bytes())
    data[3] ^= 1  # the length of record 0: no way to record 1
    paths[1].write_bytes(data)
    paths[2].write_bytes(paths[2].read_bytes()[:-1])
    found = inspect_shards([*paths, paths[0].with_name("gone")])
    assert found.records == 2 + 0 + 3
    expected = [
        "record 0: the CRC of the data",
        "record 0: the CRC of the length",
        "record 3: cut off",
    ]
    assert len(found.damages) == 4
    for message, part in zip(found.damages, [*expected, "gone: cannot be read"], strict=True):
        assert part in message


def test_records_that_do_not_fit_the_schema_are_damage(paths, tmp_path):
    odd = shard_of(tmp_path / "odd", make_video(1, schema=MEANS), schema=MEANS)
    found = inspect_shards([*paths, odd])
    assert found.records == 9
    assert "odd, record 0: rgb: feature list is missing" in found.damages[0]


def test_without_a_record_there_is_no_schema(tmp_path):
    (tmp_path / "empty").touch()
    with pytest.raises(RecordError, match="empty: holds no records"):
        inspect_shards([tmp_path / "empty"])
    with pytest.raises(RecordError, match="no records to inspect"):
        inspect_shards([])


def test_the_report_names_what_was_found(paths, tmp_path):
    paths[1].write_bytes(b"nonsense")
    report = format_report(inspect_shards(paths), names={0: "Games"})
    lines = [" ".join(line.split()) for line in report.splitlines()]
    assert "records 7" in lines
    assert "frames: min 1, mean 4.43, max 7" in lines
    assert "0 1 14.29 % Games" in lines
    assert lines[-1].endswith("record 0: header cut off, 8 of 12 bytes; the file is incomplete.")


def test_the_report_of_video_level_records_has_no_frames(tmp_path):
    path = shard_of(tmp_path / "a", make_video(3, schema=MEANS), schema=MEANS)
    report = format_report(inspect_shards([path]))
    assert "frames:" not in report
    assert "labels per video: min 1, mean 1.00, max 1" in report


def test_absent_features_are_counted(tmp_path):
    videos = [replace(make_video(n), absent=("audio",) * (n == 2)) for n in range(4)]
    found = inspect_shards([shard_of(tmp_path / "a", *videos)])
    assert [found.features[name].absent for name in ("rgb", "audio")] == [0, 1]
    report = format_report(found)
    assert "without audio: 1 (25.00 %)" in report and "without rgb" not in report
