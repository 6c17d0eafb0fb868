"""All ways of a race read the same arrays, and those that write records write the same."""

import numpy as np

from benchmarks.import_features import FRAMES, WIDTH, races
from yt8m.data.examples import decode_video
from yt8m.data.schema import Schema
from yt8m.data.tfrecord import read_records

SCHEMA = Schema({"rgb": WIDTH}, classes=1, max_frames=FRAMES)


def videos(paths) -> dict[str, np.ndarray]:
    """id -> frames, uint8 [T, R]."""
    payloads = [memoryview(one) for path in paths for one in read_records(path)]
    found = [decode_video(one, SCHEMA, "x") for one in payloads]
    return {video.id: video.features["rgb"].astype(int) for video in found}


def test_both_ways_write_the_same_frames_and_all_count_the_same_bytes(tmp_path):
    *imports, cold = races(tmp_path, 0.003)
    for race in imports:
        assert_same_size(race)
        ours = videos(race.ours.out.glob("train/*.tfrecord"))
        plain = videos([tmp_path / "plain.tfrecord"])
        assert ours.keys() == plain.keys() and len(ours) == 6
        different = [np.abs(ours[id] - plain[id]) for id in ours]
        assert np.max(different) <= 1 and np.mean(different) < 1e-3  # roundings at a byte's end
    cold.before()
    assert_same_size(cold)


def assert_same_size(race):
    sizes = {way() for way in (race.ours, race.plain, *race.others.values())}
    assert max(sizes) - min(sizes) <= 6 * 128  # the headers of the files
