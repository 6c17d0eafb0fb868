"""Duplicate videos, in one split or in two."""

import numpy as np
import pytest

from tests.data.samples import SMALL, make_video
from yt8m.data.duplicates import (
    Split,
    ids_file,
    read_split,
    repeated_within,
    shared_between,
    write_ids,
)
from yt8m.data.examples import encode_video
from yt8m.data.manifest import write_manifest
from yt8m.data.shard_survey import hash_of_id
from yt8m.data.survey import survey_split
from yt8m.data.tfrecord import write_records
from yt8m.errors import ArtefactError


def split_of(folder, name, *shards):
    """A split whose shards hold videos of these seeds; each is called v<seed>."""
    paths = [folder / f"{name}{number}.tfrecord" for number in range(len(shards))]
    for path, seeds in zip(paths, shards, strict=True):
        write_records(path, [encode_video(make_video(seed), SMALL) for seed in seeds])
    found = survey_split(paths, SMALL, name, 1)
    return Split(found.manifest, found.ids)


def test_ids_are_in_the_order_of_the_manifest(tmp_path):
    split = split_of(tmp_path, "train", [3, 1], [2])
    assert split.ids.tolist() == [hash_of_id(name) for name in ("v3", "v1", "v2")]
    assert [split.id(number) for number in range(3)] == ["v3", "v1", "v2"]
    assert split.where(1).endswith("train0.tfrecord, record 1")
    assert split.where(2).endswith("train1.tfrecord, record 0")


def test_splits_without_common_videos_have_no_duplicates(tmp_path):
    one, other = split_of(tmp_path, "train", [1, 2], [3]), split_of(tmp_path, "validate", [4])
    assert repeated_within(one) is None and shared_between(one, other) is None


def test_a_duplicate_in_a_split_is_named_with_both_places(tmp_path):
    split = split_of(tmp_path, "train", [1, 2], [3, 1, 4])
    said = repeated_within(split)
    assert said.startswith("split train: 1 of its 5 videos are duplicates, by their ids: 'v1' (")
    assert "train0.tfrecord, record 0; " in said and "train1.tfrecord, record 1)." in said


def test_videos_in_two_splits_are_counted_and_three_are_named(tmp_path):
    one = split_of(tmp_path, "train", range(10))
    other = split_of(tmp_path, "validate", [20, 7, 1, 2], [21, 5, 4])
    said = shared_between(one, other)
    assert said.startswith("splits train and validate: share 5 videos, by their ids: ")
    assert "and 2 more." in said and said.count(", record ") == 6
    assert [said.index(f"'{name}'") for name in ("v1", "v2", "v4")] == sorted(
        said.index(f"'{name}'") for name in ("v1", "v2", "v4")
    )


@pytest.mark.parametrize("again", [[1, 2], [2, 1]], ids=["a copy", "the other way round"])
def test_a_copied_shard_is_distinguished_from_one_with_the_same_videos(tmp_path, again):
    one, other = split_of(tmp_path, "train", [1, 2]), split_of(tmp_path, "validate", again)
    said = shared_between(one, other)
    assert "share 2 videos" in said
    assert ("validate0.tfrecord is a copy of " in said) == (again == [1, 2])


def test_a_copied_shard_in_the_same_split_is_reported(tmp_path):
    said = repeated_within(split_of(tmp_path, "train", [1, 2], [1, 2]))
    assert "2 of its 4 videos are duplicates" in said
    assert "train1.tfrecord is a copy of " in said


def test_videos_without_an_id_are_never_duplicates(tmp_path):
    manifest = split_of(tmp_path, "train", [1, 2]).manifest
    nameless = Split(manifest, np.zeros(2, np.uint64))
    assert repeated_within(nameless) is None and shared_between(nameless, nameless) is None
    assert hash_of_id("") == 0


def test_ids_are_kept_beside_the_manifest(tmp_path):
    split = split_of(tmp_path, "train", [1, 2], [3])
    path = tmp_path / "results/train.json"
    write_manifest(split.manifest, path)
    write_ids(split.ids, path)
    read = read_split(path)
    assert read.manifest == split.manifest and read.ids.tolist() == split.ids.tolist()


def forged(header):
    """An .npy file with this text as the header that describes its array."""
    text = header.encode() + b"\n"
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text


DAMAGES = {
    "missing": (None, "cannot be read"),
    "empty": (b"", "cannot be read"),
    "no array": (b"text", "cannot be read"),
    "of another split": (np.zeros(2, np.uint64), r"holds uint64 \[2\]; expected uint64 \[3\]"),
    "of another type": (np.zeros(3), r"holds float64 \[3\]; expected uint64 \[3\]"),
    "objects": (np.array([{}, {}, {}]), "cannot be read"),
    "a header without an end": (forged("(" * 9_999), r"cannot be read \(TokenError"),
    "a header of no type": (forged("{[]: 1}"), r"cannot be read \(TypeError"),
    "an archive": (b"PK\5\6" + bytes(18), "is an archive of arrays, not one"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_ids_that_do_not_fit_their_manifest_are_refused(tmp_path, damage):
    content, message = DAMAGES[damage]
    path = tmp_path / "train.json"
    write_manifest(split_of(tmp_path, "train", [1, 2], [3]).manifest, path)
    if isinstance(content, bytes):
        ids_file(path).write_bytes(content)
    elif content is not None:
        np.save(ids_file(path), content)
    with pytest.raises(ArtefactError, match=rf"train\.ids\.npy: {message}.*manifest again"):
        read_split(path)
