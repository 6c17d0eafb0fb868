"""Videos from several files of arrays as batches."""

import numpy as np
import pytest

from yt8m.data.schema import Schema
from yt8m.data.value_ranges import YOUTUBE_8M
from yt8m.errors import ArtefactError
from yt8m.outputs.array_kinds import ArrayKinds
from yt8m.outputs.arrays import ArrayVideos

SCHEMA = Schema({"rgb": 3, "audio": 2}, classes=4, max_frames=6)
KINDS = ArrayKinds(SCHEMA)


def frames(seed, *shape):
    return np.random.default_rng(seed).integers(0, 256, (*shape, 5), np.uint8)


@pytest.fixture
def paths(tmp_path):
    """Ten videos in three files: bytes of two lengths, and floats."""
    np.save(tmp_path / "a.npy", frames(0, 2))
    np.savez(tmp_path / "b.npz", frames=frames(1, 6, 4), num_frames=[4, 1, 2, 4, 3, 4])
    np.save(tmp_path / "c.npy", np.linspace(-1.9, 2, 60).reshape(3, 4, 5))
    return [tmp_path / name for name in ("a.npy", "b.npz", "c.npy")]


@pytest.mark.parametrize("size", [1, 3, 64])
def test_batches_hold_all_videos_in_order_whatever_their_size(paths, size):
    videos = ArrayVideos(paths, KINDS)
    batches = list(videos.batches(size))
    ids = ["a", *(f"b-{i}" for i in range(6)), *(f"c-{i}" for i in range(3))]
    assert [id for batch in batches for id in batch.ids] == ids == videos.ids
    assert all(1 <= len(batch.ids) <= size for batch in batches)
    assert [n for batch in batches for n in batch.num_frames] == [2, 4, 1, 2, 4, 3, 4, 4, 4, 4]
    for batch in batches:
        assert batch.frames.dtype in (np.uint8, np.float32)
        assert batch.frames.shape[1] == batch.num_frames.max()
        for row, length in zip(batch.frames, batch.num_frames, strict=True):
            assert not row[length:].any()
    np.testing.assert_array_equal(batches[0].frames[0, :2], frames(0, 2))


def test_frames_beyond_the_maximum_are_cut_off_as_in_records(tmp_path):
    values = frames(0, 9).astype("f8") * YOUTUBE_8M.step + YOUTUBE_8M.first
    values[8] = np.nan
    np.save(tmp_path / "long.npy", values)
    videos = ArrayVideos([tmp_path / "long.npy"], KINDS)
    (batch,) = videos.batches(4)
    assert videos.cut == 1 and batch.num_frames.tolist() == [6]
    np.testing.assert_allclose(batch.frames[0], values[:6], atol=1e-6)


def test_values_past_the_end_of_a_video_are_ignored(tmp_path):
    values = np.full((1, 4, 5), np.nan)
    values[0, :2] = 0.5
    np.savez(tmp_path / "x.npz", frames=values, num_frames=[2])
    (batch,) = ArrayVideos([tmp_path / "x.npz"], KINDS).batches(4)
    assert (batch.frames == np.float32(0.5)).all() and batch.frames.shape == (1, 2, 5)


def test_duplicate_and_empty_ids_are_refused(tmp_path):
    (tmp_path / "deep").mkdir()
    for path in (tmp_path / "v.npy", tmp_path / "deep/v.npy"):
        np.save(path, frames(0, 2))
    with pytest.raises(
        ArtefactError, match=r"deep/v.npy, video 0 \('v'\): has the same id as .*v.npy"
    ):
        ArrayVideos([tmp_path / "v.npy", tmp_path / "deep/v.npy"], KINDS)
    np.savez(tmp_path / "x.npz", frames=frames(0, 2, 2), ids=["v", "v"])
    with pytest.raises(ArtefactError, match=r"video 1 .* has the same id as .*; make ids unique"):
        ArrayVideos([tmp_path / "x.npz"], KINDS)
    np.savez(tmp_path / "x.npz", frames=frames(0, 2, 2), ids=["v", ""])
    with pytest.raises(ArtefactError, match=r"video 1 .*: its id is empty"):
        ArrayVideos([tmp_path / "x.npz"], KINDS)


@pytest.mark.parametrize("number", [0xD800, 0xDFFF, 0x110000])
def test_an_id_that_is_not_valid_unicode_is_refused(tmp_path, number):
    """Arrays of text may contain any number as a character."""
    id = np.array([number, ord("v")], "u4").view("U2")
    np.savez(tmp_path / "x.npz", frames=frames(0, 1, 2), ids=id)
    with pytest.raises(ArtefactError, match=r"x\.npz, video 0 .*: its id is not valid Unicode"):
        ArrayVideos([tmp_path / "x.npz"], KINDS)


def test_a_file_name_that_is_not_valid_unicode_is_refused_as_an_id(tmp_path):
    np.save(tmp_path / "v\udcff.npy", frames(0, 2))
    with pytest.raises(ArtefactError, match="its id is not valid Unicode"):
        ArrayVideos([tmp_path / "v\udcff.npy"], KINDS)


def test_all_videos_of_all_files_are_checked_before_the_first_batch(paths, tmp_path):
    bad = np.zeros((3, 4, 5))
    bad[2, 3, 1] = np.nan
    np.save(tmp_path / "z.npy", bad)
    with pytest.raises(ArtefactError, match=r"z.npy, video 2 \('z-2'\), frame 3: value 1 is nan"):
        ArrayVideos([*paths, tmp_path / "z.npy"], KINDS)
