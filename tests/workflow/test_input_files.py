"""How changes of input files are detected."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from tests.workflow.test_plan import plan_of
from yt8m.data.shard_list import read_shard_list
from yt8m.errors import ConfigError
from yt8m.serving.importing import imported_files
from yt8m.workflow.input_files import InputFiles, splits_to_read_again
from yt8m.workflow.layout import Layout
from yt8m.workflow.planning_files import planning_file


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


def test_a_replaced_shard_is_detected_whatever_its_date(folder):
    before = as_it_is_now().shards_state("train")
    assert as_it_is_now().shards_state("train") == before
    Path("new").write_text("train")
    os.utime("new", (1e9, 1e9))
    Path("new").rename("train.tfrecord")
    assert as_it_is_now().shards_state("train") != before


def test_shards_are_examined_once(folder):
    input_files = as_it_is_now()
    before = input_files.shards_state("train")
    Path("train.tfrecord").write_text("another")
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
    assert splits_to_read_again(plan, input_files) == ["train"]  # of unknown shards
    input_files.shards("train").write(plan.layout.shard_list("train"))
    assert splits_to_read_again(plan, input_files) == []
    Path("train.tfrecord").write_text("another")
    assert splits_to_read_again(plan, as_it_is_now()) == ["train"]


def test_generated_shards_are_not_input_files():
    plan = plan_of()
    assert splits_to_read_again(plan, InputFiles(plan.experiment)) == []


def test_small_files_are_compared_by_content(folder):
    Path("names.csv").write_text("Index,Name\n0,a\n")

    def with_names(c):
        c["dataset"]["label_names"] = "names.csv"

    before = InputFiles(plan_of(with_names).experiment).label_names()
    os.utime("names.csv", (1e9, 1e9))
    assert InputFiles(plan_of(with_names).experiment).label_names() == before
    Path("names.csv").write_text("Index,Name\n0,b\n")
    assert InputFiles(plan_of(with_names).experiment).label_names() != before
    assert before != InputFiles(plan_of().experiment).label_names()


def test_an_archive_depends_on_the_content_of_its_licence(folder):
    Path("LICENCE").write_text("free")

    def with_licence(c):
        c["card"] = {"licence_file": "LICENCE"}

    before = InputFiles(plan_of(with_licence).experiment).archived()
    assert before != InputFiles(plan_of().experiment).archived()
    Path("LICENCE").write_text("not free")
    assert InputFiles(plan_of(with_licence).experiment).archived() != before


def test_a_replaced_file_of_an_imported_ensemble_is_detected_whatever_its_date(folder):
    theirs = folder / "theirs"
    (theirs / "graph/variables").mkdir(parents=True)
    for path in imported_files(theirs):
        Path(path).write_text("a")

    def imported(c):
        c["ensembles"]["teacher"] = {"folder": str(theirs)}

    input_files = InputFiles(plan_of(imported).experiment)
    before = input_files.ensemble_state("teacher")
    assert input_files.ensemble_state("teacher") == before
    other = theirs / "other"
    other.write_text("a")
    os.utime(other, (1e9, 1e9))
    other.rename(theirs / "ensemble.json")
    assert input_files.ensemble_state("teacher") != before


def test_an_expanded_shard_depends_on_its_source_file_only(folder):
    def expanded(c):
        c["dataset"]["source"] = {
            **{"kind": "expanded", "frames_min": 4, "frames_max": 10},
            "files": {s: [f"{s}.tfrecord"] for s in ("train", "validate")},
        }

    input_files = InputFiles(plan_of(expanded).experiment)
    before = [input_files.inputs_state(split, "00000") for split in ("train", "validate")]
    Path("new").write_text("train")
    Path("new").rename("train.tfrecord")
    after = [input_files.inputs_state(split, "00000") for split in ("train", "validate")]
    assert after[0] != before[0] and after[1] == before[1]


def test_lists_of_shards_are_in_the_folder_that_planning_writes_to(folder):
    file = Path(as_it_is_now().shard_list("train"))
    assert file.parent == planning_file("") and read_shard_list(file).paths == ("train.tfrecord",)


def in_parts(c):
    """Three shards of train, two a job."""
    from_files(c)
    c["dataset"]["source"]["files"]["train"] = ["part*.tfrecord"]
    c["resources"] = {"records": {"shards_per_job": 2}}


def test_a_split_in_parts_is_read_again_if_a_part_has_other_shards_or_was_not_read(folder):
    for number in range(3):
        Path(f"part{number}.tfrecord").write_text("train")
    plan = plan_of(in_parts)
    plan = replace(plan, layout=Layout("results"))

    def now() -> InputFiles:
        return InputFiles(plan_of(in_parts).experiment)

    manifest = Path(plan.layout.manifest("train"))
    manifest.parent.mkdir(parents=True)
    for path, shards in now().lists(plan, "train").items():
        shards.write(path)
    surveyed = [Path(path) for path in plan.surveyed("train")]
    for path in surveyed:
        path.parent.mkdir(exist_ok=True)
        path.touch()
    manifest.touch()
    assert splits_to_read_again(plan, now()) == []
    states = [now().part_state("train", part) for part in ("00000", "00001")]
    Path("part2.tfrecord").write_text("another")
    assert splits_to_read_again(plan, now()) == ["train"]
    found = [now().part_state("train", part) for part in ("00000", "00001")]
    assert found[0] == states[0] and found[1] != states[1]
    now().lists(plan, "train")[plan.layout.shard_list_part("train", "00001", "00002")].write(
        plan.layout.shard_list_part("train", "00001", "00002")
    )
    assert splits_to_read_again(plan, now()) == []
    surveyed[0].unlink()
    assert splits_to_read_again(plan, now()) == ["train"]
    surveyed[0].touch()
    os.utime(surveyed[0], ns=(manifest.stat().st_mtime_ns + 1,) * 2)
    assert splits_to_read_again(plan, now()) == ["train"]
    os.utime(surveyed[0], ns=(manifest.stat().st_mtime_ns,) * 2)
    Path(plan.layout.surveyed("train", "00000", "00001")).touch()  # of another division
    assert splits_to_read_again(plan, now()) == ["train"]
