"""Sources of records: what each kind returns to the workflow."""

import json
import os
import subprocess
import sys
from dataclasses import replace

import pytest

from tests.small import SCHEMA, SOURCE, config
from yt8m.cli import main
from yt8m.data.tfrecord import read_records
from yt8m.download.plan import File, Origin, plan_of
from yt8m.download.store_plan import StoredFile, store_plan_of
from yt8m.errors import ConfigError
from yt8m.recipes import as_entry, kinds, read_recipe

FAMILY = "yt8m.data.sources"
VIDEO = replace(SCHEMA, layout="video")


@pytest.fixture(scope="module")
def entries(tmp_path_factory):
    """Kind -> an entry of `dataset.source`; of video-level shards, two of train."""
    folder = tmp_path_factory.mktemp("means")
    source = read_recipe(FAMILY, SOURCE, "source")
    for shard in range(2):
        source.make_shard("train", shard, VIDEO, folder / f"{shard}.tfrecord")
    files = {"train": [f"{folder}/*.tfrecord"]}
    return {
        "generated": SOURCE,
        "expanded": {"kind": "expanded", "frames_min": 3, "frames_max": 9, "files": files},
        "features": {"kind": "features", **two_shards_of_files(folder), "columns": {"rgb": ""}},
        "object_store": {"kind": "object_store", **two_planned_objects(folder)},
        "records": {"kind": "records", "files": files},
        "videos": {"kind": "videos", **two_shards_of_files(folder), "column": "rgb"},
        "youtube8m": {"kind": "youtube8m", **two_planned_shards(folder), "splits": ["train"]},
    }


def two_planned_shards(folder):
    """The folder of a download, with its plan."""
    files = [File(f"train{number}.tfrecord", "0" * 32, 5) for number in range(2)]
    (folder / "2/frame").mkdir(parents=True)
    plan = plan_of(Origin(2, "frame", "train", "1/1"), files)
    plan.write(folder / "2/frame/train.1-of-1.json")
    return {"folder": str(folder)}


def two_planned_objects(folder):
    """The folder of objects that are fetched, with their plan."""
    patterns = ["s3://bucket/train*"]
    names = [f"s3://bucket/train{number}.tfrecord" for number in range(2)]
    found = read_recipe(
        FAMILY, {"kind": "object_store", "files": {"train": patterns}, "folder": str(folder)}, "x"
    )
    plan = store_plan_of(patterns, [StoredFile(name, "etag:1-2", 5) for name in names])
    plan.write(found.plan_path("train"))
    return {"folder": str(folder), "files": {"train": patterns}}


def two_shards_of_files(folder):
    """Settings of a table with 600 empty files, all of the training split."""
    names = [f"v{number:03d}" for number in range(600)]
    for name in names:
        (folder / f"{name}.npy").touch()
    rows = "".join(f"{name},{name}.npy,a,train\n" for name in names)
    (folder / "mine.csv").write_text(f"id,rgb,labels,split\n{rows}")
    return {"table": f"{folder}/mine.csv"}


def test_every_kind_of_source_is_tested_here(entries):
    assert kinds(FAMILY) == sorted(entries)


@pytest.mark.parametrize("kind", kinds(FAMILY))
def test_a_source_lists_its_shards_and_their_inputs_before_anything_is_made(entries, kind):
    source = read_recipe(FAMILY, entries[kind], "dataset.source")
    assert source.shards()["train"] == 2
    given = source.shard_paths("train")
    inputs = source.inputs("train", 1)
    if kind in ("features", "videos"):
        files = source.videos("train", 1) if kind == "videos" else inputs
        assert len(set(given)) == 600 and 0 < len(files) < 600 and set(files) < set(given)
        assert inputs == [] or kind == "features"
    else:
        prefix = "train" if kind in ("object_store", "youtube8m") else ""
        assert [os.path.basename(path) for path in given] == (  # noqa: PTH119
            [] if kind == "generated" else [f"{prefix}{n}.tfrecord" for n in range(2)]
        )
        assert inputs == ([given[1]] if kind == "expanded" else [])
    assert source.makes_shards == (kind not in ("object_store", "records", "youtube8m"))


@pytest.mark.parametrize("kind", ["generated", "expanded"])
def test_a_shard_made_alone_equals_that_of_the_whole_source(entries, kind, tmp_path):
    source = read_recipe(FAMILY, entries[kind], "dataset.source")
    source.make_shard("train", 1, SCHEMA, tmp_path / "whole")
    alone, number = source.for_shard("train", 1)
    words = ["records", "make", "--source", json.dumps(as_entry(alone)), "--shard", str(number)]
    words += ["--schema", json.dumps(SCHEMA.as_json()), "--split", "train"]
    main([*words, "--out", str(tmp_path / "alone")], standalone_mode=False)
    assert (tmp_path / "alone").read_bytes() == (tmp_path / "whole").read_bytes()
    assert len(list(read_records(tmp_path / "whole"))) == 30


def test_the_settings_of_an_expanded_shard_do_not_depend_on_other_files(entries, tmp_path):
    """Its settings are a param of its rule: one more file must cause only one more shard."""
    for name in "bc":
        (tmp_path / f"{name}.tfrecord").touch()
    entry = entries["expanded"] | {"files": {"train": [f"{tmp_path}/*.tfrecord"]}}
    before = read_recipe(FAMILY, entry, "x").for_shard("train", 0)
    (tmp_path / "a.tfrecord").touch()
    assert read_recipe(FAMILY, entry, "x").for_shard("train", 1) == before


def test_reading_a_config_does_not_import_what_makes_or_reads_records():
    """Planning stays quick: settings of a source are separate from the code that makes shards."""
    code = "import json, sys\nfrom yt8m.config.experiment import read_experiment\n"
    code += f"read_experiment(json.loads({json.dumps(config())!r}))\n"
    code += "print(json.dumps([m for m in sys.modules if m.startswith('yt8m.data.')]))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(json.loads(done.stdout))
    assert "yt8m.data.sources.generated" in loaded
    assert not loaded & {f"yt8m.data.{m}" for m in ("wire", "examples", "expand", "tfrecord")}
    assert not [module for module in loaded if module.startswith("yt8m.data.generate.")]


@pytest.mark.parametrize("kind", ["records", "object_store", "youtube8m"])
def test_shards_that_are_given_are_not_made(entries, kind, tmp_path):
    source = read_recipe(FAMILY, entries[kind], "dataset.source")
    with pytest.raises(ConfigError, match=f"is '{kind}', whose shards are given files"):
        source.make_shard("train", 0, SCHEMA, tmp_path / "x")


def test_frames_are_made_for_the_frame_layout_only(entries):
    source = read_recipe(FAMILY, entries["expanded"], "dataset.source")
    with pytest.raises(ConfigError, match=r"source.kind: is 'expanded'.*set the kind to 'records'"):
        source.check_schema(VIDEO, "dataset.source")


@pytest.mark.parametrize("kind", ["records", "expanded", "object_store"])
def test_a_source_without_files_is_refused(kind):
    with pytest.raises(ConfigError, match=r"x\.files: is empty; name the shards of a split"):
        read_recipe(FAMILY, {"kind": kind, "files": {}}, "x")


@pytest.mark.parametrize("kind", ["records", "expanded"])
def test_an_address_among_paths_is_told_apart(kind):
    with pytest.raises(ConfigError, match=r"x\.files\.train: .* set dataset.source.kind to 'obj"):
        read_recipe(FAMILY, {"kind": kind, "files": {"train": ["s3://bucket/a*"]}}, "x")
