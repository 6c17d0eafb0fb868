"""How changes of input files are detected."""

import os
from pathlib import Path

import pytest

from tests.workflow.test_plan import plan_of
from yt8m.errors import ConfigError
from yt8m.workflow.input_files import InputFiles, splits_to_read_again


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A working directory with a shard of each split."""
    monkeypatch.chdir(tmp_path)
    for split in ("train", "validate"):
        Path(f"{split}.tfrecord").write_text(split)
    return tmp_path


def from_files(c):
    files = {split: [f"{split}.tfrecord"] for split in ("train", "validate")}
    c["dataset"]["source"] = {"kind": "records", "files": files}


def as_it_is_now() -> InputFiles:
    return InputFiles(plan_of(from_files).experiment)


def test_another_file_in_the_place_of_a_shard_is_told_whatever_its_date(folder):
    before = as_it_is_now().shards_state("train")
    assert as_it_is_now().shards_state("train") == before
    Path("new").write_text("train")
    os.utime("new", (1e9, 1e9))
    Path("new").rename("train.tfrecord")
    assert as_it_is_now().shards_state("train") != before


def test_shards_are_looked_at_once(folder):
    input_files = as_it_is_now()
    before = input_files.shards_state("train")
    Path("train.tfrecord").write_text("other")
    assert input_files.shards_state("train") == before


def test_a_shard_that_is_missing_is_named(folder):
    experiment = plan_of(from_files).experiment
    Path("validate.tfrecord").unlink()
    with pytest.raises(ConfigError, match=r"dataset\.source: split validate, .*validate\.tfrecord"):
        InputFiles(experiment).shards("validate")


def test_a_split_is_read_again_once_it_has_a_manifest_and_other_shards(folder):
    plan, input_files = plan_of(from_files), as_it_is_now()
    assert splits_to_read_again(plan, input_files) == []  # nothing was ever read
    manifest = Path(plan.layout.manifest("train"))
    manifest.parent.mkdir(parents=True)
    manifest.touch()
    assert splits_to_read_again(plan, input_files) == ["train"]  # who knows of what
    input_files.shards("train").write(plan.layout.shard_list("train"))
    assert splits_to_read_again(plan, input_files) == []
    Path("train.tfrecord").write_text("other")
    assert splits_to_read_again(plan, as_it_is_now()) == ["train"]


def test_shards_that_are_made_here_are_no_files_given():
    plan = plan_of()
    assert splits_to_read_again(plan, InputFiles(plan.experiment)) == []


def test_small_files_are_told_by_their_content(folder):
    Path("names.csv").write_text("Index,Name\n0,a\n")

    def with_names(c):
        c["dataset"]["label_names"] = "names.csv"

    before = InputFiles(plan_of(with_names).experiment).label_names()
    os.utime("names.csv", (1e9, 1e9))
    assert InputFiles(plan_of(with_names).experiment).label_names() == before
    Path("names.csv").write_text("Index,Name\n0,b\n")
    assert InputFiles(plan_of(with_names).experiment).label_names() != before
    assert before != InputFiles(plan_of().experiment).label_names()
