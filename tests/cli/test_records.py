"""`yt8m records manifest` and `compare`: what is refused, the messages, and what is left."""

import json
import shutil

import pytest
from click.testing import CliRunner

from tests.small import SCHEMA, write_dataset
from yt8m.cli import main
from yt8m.data.manifest import digest_file, read_manifest
from yt8m.data.shard_list import list_shards


def invoke(*arguments):
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    write_dataset(folder)
    return folder


def manifest(*arguments, split, out):
    schema = json.dumps(SCHEMA.as_json())
    words = ("records", "manifest", *arguments, "--schema", schema, "--split", split)
    return invoke(*words, "--out", out)


@pytest.fixture
def splits(data, tmp_path):
    """Manifests of train and validate."""
    paths = {name: tmp_path / f"{name}.json" for name in ("train", "validate")}
    for name, path in paths.items():
        assert manifest(data / name / "*.tfrecord", split=name, out=path).exit_code == 0
    return paths


@pytest.mark.parametrize(("limit", "videos"), [("0.1", 6), ("11", 11), ("600", 60)])
def test_a_limit_leaves_so_many_videos(data, tmp_path, limit, videos):
    out = tmp_path / "m.json"
    result = manifest(data / "train/*", "--limit", limit, split="train", out=out)
    assert result.output == f"{out}: {videos} videos in 2 shards\n"
    assert read_manifest(out).records == videos


def test_a_list_of_shards_is_accepted_instead_of_patterns(data, splits, tmp_path):
    shards = sorted((data / "train").glob("*.tfrecord"))
    list_shards(shards, "train").write(tmp_path / "list")
    result = manifest("--shards", tmp_path / "list", split="train", out=tmp_path / "other.json")
    assert result.exit_code == 0, result.output
    assert (tmp_path / "other.json").read_bytes() == splits["train"].read_bytes()


@pytest.mark.parametrize("both", [True, False])
def test_either_patterns_or_a_list_is_needed(data, tmp_path, both):
    (tmp_path / "list").touch()
    given = [data / "train/*", "--shards", tmp_path / "list"] if both else []
    result = manifest(*given, split="train", out=tmp_path / "m.json")
    assert result.exit_code == 2 and "give either PATTERNS or --shards" in result.output


def repeats(choice):
    return "--checks", json.dumps({"duplicates": choice})


SAID = "split train: 30 of its 90 videos are duplicates, by their ids: "


@pytest.mark.parametrize("choice", ["refuse", "warn"])
def test_a_duplicate_video_is_refused_or_warned_about(data, tmp_path, choice):
    folder = shutil.copytree(data / "train", tmp_path / "train")
    shutil.copy(folder / "train-00000-of-00002.tfrecord", folder / "again.tfrecord")
    out = tmp_path / "out/m.json"
    result = manifest(folder / "*", *repeats(choice), split="train", out=out)
    assert SAID in result.output and "train-00000-of-00002.tfrecord is a copy of" in result.output
    if choice == "refuse":
        assert len(result.output.splitlines()) == 1
        assert result.exit_code == 1 and result.output.startswith("yt8m: error: ")
        assert "set `dataset.checks.duplicates: warn`" in result.output
        assert not out.parent.exists()
    else:
        assert result.exit_code == 0 and result.output.startswith("yt8m: warning: ")
        assert read_manifest(out).records == 90


def test_splits_that_share_no_video_pass_and_the_digest_is_that_of_the_first(splits, tmp_path):
    out = tmp_path / "compared.txt"
    result = invoke(
        "records", "find-duplicates", *splits.values(), *repeats("refuse"), "--out", out
    )
    assert result.exit_code == 0 and result.output == "train shares no video with validate.\n"
    assert digest_file(out).read_text() == digest_file(splits["train"]).read_text()
    assert out.read_text() == "train shares no video with validate.\n"


@pytest.mark.parametrize("choice", ["refuse", "warn"])
def test_a_copied_shard_under_another_name_is_refused_or_warned_about(
    data, splits, tmp_path, choice
):
    shard = shutil.copy(data / "train/train-00001-of-00002.tfrecord", tmp_path / "other.tfrecord")
    assert manifest(shard, split="validate", out=splits["validate"]).exit_code == 0
    out = tmp_path / "out/compared.txt"
    result = invoke("records", "find-duplicates", *splits.values(), *repeats(choice), "--out", out)
    assert "splits train and validate: share 30 videos, by their ids: " in result.output
    assert "other.tfrecord is a copy of" in result.output
    assert len(result.output.splitlines()) == 1
    assert result.exit_code == (1 if choice == "refuse" else 0)
    assert out.exists() == digest_file(out).exists() == (choice == "warn")


def test_a_split_of_less_than_a_batch_is_refused_and_one_of_a_single_batch_is_accepted(
    data, tmp_path
):
    out = tmp_path / "out/m.json"
    result = manifest(data / "train/*", "--at-least", "61", split="train", out=out)
    assert result.exit_code == 1 and not out.parent.exists()
    assert "split train: holds 60 videos, less than one batch of 61; add videos" in result.output
    result = manifest(data / "train/*", "--at-least", "60", split="train", out=out)
    assert result.exit_code == 0 and result.output == f"{out}: 60 videos in 2 shards\n"
