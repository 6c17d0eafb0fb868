"""The source of shards in object stores: its settings, its plans, and its parts."""

import subprocess
import sys

import pytest

from tests.small import config
from yt8m.config.experiment import read_experiment
from yt8m.data.schema import Schema
from yt8m.describing.reading import without_files
from yt8m.download.store_plan import StoredFile, store_plan_of
from yt8m.errors import ConfigError
from yt8m.partial import InvalidSetting
from yt8m.recipes import as_entry, read_recipe

FAMILY = "yt8m.data.sources"
PATTERN = "s3://bucket/yt8m/train*.tfrecord"


def source(**entry):
    files = {"train": [PATTERN]}
    return read_recipe(FAMILY, {"kind": "object_store", "files": files, **entry}, "source")


def planned(folder, versions=("etag:a-1", "etag:b-1", "generation:7"), **entry):
    """A source whose plan of the training split exists."""
    found = source(folder=str(folder), **entry)
    names = [f"s3://bucket/yt8m/train{n}.tfrecord" for n in range(len(versions))]
    files = [StoredFile(name, version, 10) for name, version in zip(names, versions, strict=True)]
    folder.mkdir(exist_ok=True)
    store_plan_of([PATTERN], files).write(found.plan_path("train"))
    return source(**as_entry(found) | entry)


NO_ADDRESSES = ["train*", "/data/train*", "http://bucket/x", "s3://bucket", "s3://bucket/", ""]
NO_ADDRESSES += [
    "s3://B/x",
    "s3://key:secret@bucket/x",
    "s3://bucket*/x",
    "gs:/bucket/x",
    "S3://b/x",
]


@pytest.mark.parametrize("pattern", NO_ADDRESSES)
def test_what_is_no_address_is_refused(pattern):
    with pytest.raises(ConfigError, match=r"source\.files\.train"):
        source(files={"train": [pattern]})


@pytest.mark.parametrize("key", ["../x", "a//b", "a/./b", ".hidden", "-x", "a b", "{split}", "<b>"])
def test_a_key_that_not_every_disk_can_hold_is_refused(key):
    with pytest.raises(ConfigError, match=r"source\.files\.train.*: has a name that not every"):
        source(files={"train": [f"s3://bucket/{key}"]})


@pytest.mark.parametrize("split", ["../x", "a.b", "ü"])
def test_a_split_that_cannot_name_a_plan_is_refused(split):
    with pytest.raises(ConfigError, match=r"source\.files: .* is no name of a split"):
        source(files={split: [PATTERN]})


def test_a_split_without_patterns_is_refused():
    with pytest.raises(ConfigError, match=r"source\.files\.train: is empty; give a pattern"):
        source(files={"train": []})


def test_variables_are_expanded(monkeypatch):
    monkeypatch.setenv("BUCKET", "mine")
    found = source(files={"train": ["s3://$BUCKET/a*"]})
    assert as_entry(found)["files"] == {"train": ["s3://mine/a*"]}
    with pytest.raises(ConfigError, match=r"source\.files\.train.*variable that is not set"):
        source(files={"train": ["s3://$NO_SUCH_BUCKET/a*"]})


def test_a_plan_belongs_to_its_patterns(tmp_path):
    found = planned(tmp_path)
    other = source(folder=str(tmp_path), files={"train": [PATTERN, "gs://bucket/x"]})
    assert other.plan_path("train") != found.plan_path("train")
    found.plan_path("train").replace(other.plan_path("train"))
    with pytest.raises(ConfigError, match=r"^s: .*: is a plan of other patterns; .* records plan"):
        other.check_schema(Schema(), "s")


def test_a_missing_plan_is_the_only_mistake_that_is_named():
    whole = config()
    files = {split: [f"s3://bucket/{split}*"] for split in ("train", "validate", "test")}
    whole["dataset"]["source"] = {"kind": "object_store", "files": files, "folder": "/nowhere"}
    with pytest.raises(ConfigError) as error:
        read_experiment(whole)
    assert str(error.value).startswith("dataset.source: there is no download plan of test, train")
    with pytest.raises(InvalidSetting):
        source(folder="/nowhere").shards()


def test_files_have_places_of_scheme_bucket_and_key_and_are_divided_into_parts(tmp_path):
    found = planned(tmp_path, files_per_job=2)
    paths = found.shard_paths("train")
    assert paths[1] == f"{tmp_path}/s3/bucket/yt8m/train1.tfrecord"
    assert found.shards() == {"train": 3} and found.parts("train") == 2
    parts = [found.part_files("train", part) for part in range(2)]
    assert [path for part in parts for path, _ in part] == list(paths)
    found.check_schema(Schema(), "s")


def test_the_state_of_a_part_depends_on_the_versions_of_its_files_only(tmp_path):
    found = planned(tmp_path / "a", files_per_job=1)
    states = [found.part_state("train", part) for part in range(3)]
    more = {"files_per_job": 1, "connections": 9, "anonymous": True}
    again = planned(tmp_path / "a", ("etag:a-1", "etag:c-1", "generation:7"), **more)
    assert again.part_state("train", 0) == states[0]
    assert again.part_state("train", 1) != states[1]


def test_planning_reaches_no_store_and_does_not_import_what_would(tmp_path):
    entry = as_entry(planned(tmp_path))
    code = "import sys\nfrom yt8m.recipes import read_recipe\n"
    code += f"found = read_recipe({FAMILY!r}, {entry!r}, 'x')\n"
    code += "found.part_state('train', 0)\nassert not {'requests', 'pyarrow'} & set(sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_a_config_is_described_without_its_objects():
    source = {"kind": "object_store", "files": {"train": [PATTERN]}, "anonymous": True}
    described = without_files({"dataset": {"source": source}})
    assert described["dataset"]["source"] == {
        "kind": "records",
        "files": {"train": ["train.tfrecord"]},
    }
