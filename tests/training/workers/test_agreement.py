"""What workers compare before they train."""

import os
import shutil

import pytest

from tests.small import write_model_config
from tests.training.workers.places import places
from yt8m.data.manifest import read_manifest
from yt8m.training.task import Files, fitting_task
from yt8m.training.workers.agreement import claims_of, difference


@pytest.fixture
def elsewhere(folder, tmp_path):
    """The dataset on another machine, whose copy of the manifest is newer than its shards."""
    there = shutil.copytree(folder, tmp_path / "elsewhere")
    manifest = there / "train.json"
    manifest.write_text(manifest.read_text().replace(str(folder), str(there)))
    return there


@pytest.fixture
def compared(folder, elsewhere, tmp_path):
    """Compare worker 0, which has `folder`, with worker 1, which has `elsewhere`."""
    config = write_model_config(tmp_path, "vlad")
    two = places(2)

    def claims(place, own):
        manifests = read_manifest(own / "train.json"), None
        return claims_of(fitting_task(config, Files(*manifests, own / "a", own / "b")), place, 1)

    def compare():
        os.utime(elsewhere / "train.json")  # so that it is newer than the shards
        found = {p.number: claims(p, own) for p, own in zip(two, (folder, elsewhere), strict=True)}
        return difference(two[0], found)

    return compare


def last_shard(elsewhere):
    return read_manifest(elsewhere / "train.json").shards[-1].path


def test_copies_of_the_same_files_are_equal(compared):
    assert compared() is None


def test_another_shard_of_the_same_size_is_a_difference(compared, elsewhere):
    shard = last_shard(elsewhere)
    content = bytearray(shard.read_bytes())
    content[-1] ^= 1
    shard.write_bytes(content)
    text = compared()
    assert "worker 1 (127.0.0.1:" in text and "has another content of its shards than" in text
    assert text.endswith("the same files must be at the manifest's paths")


def test_a_shard_that_a_machine_lacks_is_named(compared, elsewhere):
    shard = last_shard(elsewhere)
    shard.unlink()
    assert f": {shard} (No such file or directory), not " in compared()
