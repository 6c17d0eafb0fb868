"""Names of shards on disk, and which belong to a subset."""

import hashlib
import string

import pytest

from yt8m.download.names import Subset, local_name


@pytest.mark.parametrize(
    ("split", "name", "expected"),
    [
        ("train", "trainpj.tfrecord", "train0939.tfrecord"),
        ("train", "trainaa.tfrecord", "train0000.tfrecord"),
        ("train", "train99.tfrecord", "train3843.tfrecord"),
        ("validate", "validateaZ.tfrecord", "validate0051.tfrecord"),
        ("test", "testA0.tfrecord", "test1664.tfrecord"),
        ("train", "train0939.tfrecord", "train0939.tfrecord"),
        ("train", "validatepj.tfrecord", "validatepj.tfrecord"),
    ],
)
def test_two_letters_of_a_name_become_a_number(split, name, expected):
    assert local_name(name, split) == expected


def test_all_names_of_a_split_differ_on_a_disk_that_ignores_case():
    letters = string.ascii_letters + string.digits
    names = [f"train{first}{second}.tfrecord" for first in letters for second in letters]
    assert len({name.lower() for name in names}) < 62**2
    assert len({local_name(name, "train").lower() for name in names}) == 62**2


def test_every_file_is_in_exactly_one_part_by_the_md5_of_its_name():
    names = [f"train{number:04d}.tfrecord" for number in range(500)]
    parts = [{name for name in names if name in Subset(part, 7)} for part in range(1, 8)]
    assert sum(map(len, parts)) == 500 and set().union(*parts) == {*names}
    for number, part in enumerate(parts, 1):
        for name in part:
            assert int(hashlib.md5(name.encode()).hexdigest(), 16) % 7 == number - 1


def test_a_larger_subset_contains_the_smaller_one():
    names = [f"train{number:04d}.tfrecord" for number in range(2000)]
    small, large = (
        {name for name in names if name in Subset.parse(text)} for text in ("1/100", "1/10")
    )
    assert small and small < large


@pytest.mark.parametrize("text", ["", "1", "0/5", "6/5", "1/0", "a/b", "-1/5", "1/5/2", "1 / 5"])
def test_other_texts_are_no_subset(text):
    with pytest.raises(ValueError, match="not a part of all"):
        Subset.parse(text)
