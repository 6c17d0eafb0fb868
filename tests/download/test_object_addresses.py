"""Addresses of objects, and the patterns that match them."""

import glob

import pytest

from yt8m.download.object_addresses import Address

KEYS = ["a/train0.tfrecord", "a/train1.tfrecord", "a/b/train2.tfrecord"]
KEYS += ["a/.train3", "train4", "b/x"]
PATTERNS = ["a/train*", "a/*", "*/*", "*", "a/*/train?.tfrecord", "a/train[0].tfrecord", "a/.t*"]
PATTERNS += ["**", "a/[!t]*", "a/train[12]*", "none*", "a/B*"]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_pattern_matches_what_it_would_match_on_a_disk(pattern, tmp_path):
    for key in KEYS:
        (tmp_path / key).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / key).touch()
    on_disk = {p for p in glob.glob(pattern, root_dir=tmp_path) if (tmp_path / p).is_file()}  # noqa: PTH207
    address = Address("s3", "bucket", pattern)
    assert {key for key in KEYS if address.matches(key)} == on_disk


def test_an_address_is_scheme_bucket_and_key():
    address = Address.parse("gs://my-bucket/a/b*/c.tfrecord")
    assert address == Address("gs", "my-bucket", "a/b*/c.tfrecord")
    assert str(address) == "gs://my-bucket/a/b*/c.tfrecord"
    assert (address.place, address.fixed_names) == ("my-bucket/a/b*/c.tfrecord", ["a"])
    assert address.local_name == "gs/my-bucket/a/b*/c.tfrecord"
    assert address.is_pattern and not Address.parse("s3://bucket/a/b").is_pattern
