"""The source that downloads YouTube-8M: its settings, its plans, and its parts."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.small import config
from yt8m.config.experiment import read_experiment
from yt8m.data.schema import Schema
from yt8m.download.plan import File, Origin, plan_of
from yt8m.download.planning import Addresses
from yt8m.errors import ArtefactError, ConfigError
from yt8m.partial import InvalidSetting
from yt8m.recipes import as_entry, read_recipe

FAMILY = "yt8m.data.sources"


def source(**entry):
    return read_recipe(FAMILY, {"kind": "youtube8m", **entry}, "source")


def planned(folder, files=5, missing=(), **entry):
    """A source whose plan of the training split exists."""
    found = source(folder=str(folder), splits=["train"], **entry)
    letters = "abcdefghijklmnopqrst"
    plan = plan_of(
        found.origin("train"),
        [File(f"train{x}{x}.tfrecord", f"{n:032x}", 10) for n, x in enumerate(letters[:files])],
        missing,
    )
    found.plan_path("train").parent.mkdir(parents=True, exist_ok=True)
    plan.write(found.plan_path("train"))
    return source(**as_entry(found) | entry)


def test_addresses_are_google_s_or_those_of_a_mirror_of_one_s_own():
    assert source(mirror="asia").addresses == Addresses(
        "http://data.yt8m.org", "http://asia.data.yt8m.org"
    )
    own = source(address="https://files.example/yt8m/")
    assert own.addresses == Addresses(*["https://files.example/yt8m"] * 2)


def test_each_subset_has_a_plan_of_its_own_in_one_folder():
    part = source(subset="1/100", level="video", version=3)
    assert part.plan_path("validate") == Path("youtube8m/3/video/validate.1-of-100.json")
    assert part.origin("validate") == Origin(3, "video", "validate", "1/100")


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        ({"subset": "2/1"}, r"source\.subset: is '2/1'; expected a part of all, such as 1/100"),
        ({"subset": 0.01}, r"source\.subset: is 0\.01; expected a text"),
        ({"splits": []}, r"source\.splits: is empty"),
        ({"splits": ["../x"]}, r"source\.splits: '\.\./x' is no name of a split"),
        ({"address": "ftp://x"}, r"source\.address: is 'ftp://x'; expected a text that matches"),
        ({"mirror": "mars"}, r"source\.mirror: is 'mars'; expected one of 'us', 'eu' or 'asia'"),
        ({"version": 1}, r"source\.version: is 1; expected one of 2 or 3"),
        ({"files_per_job": 0}, r"source\.files_per_job: is 0; 1 or more"),
    ],
)
def test_settings_that_cannot_work_are_refused(entry, problem):
    with pytest.raises(ConfigError, match=problem):
        source(**entry)


@pytest.mark.parametrize("word", ["subset", "splits", "folder", "level", "missing"])
def test_a_wrong_setting_is_named_in_a_whole_config(word):
    whole = config()
    whole["dataset"]["source"] = {"kind": "youtube8m", word: 7}
    with pytest.raises(ConfigError, match=rf"dataset\.source\.{word}: is 7; expected"):
        read_experiment(whole)


def test_a_missing_plan_is_the_only_mistake_that_is_named():
    whole = config()
    whole["dataset"]["source"] = {"kind": "youtube8m", "folder": "/nowhere"}
    with pytest.raises(ConfigError) as error:
        read_experiment(whole)
    assert str(error.value).startswith("dataset.source: there is no download plan of test, train")


def test_a_subset_has_one_way_to_be_written():
    assert source(subset="01/0100") == source(subset="1/100")


def test_the_files_of_a_split_are_divided_into_parts(tmp_path):
    found = planned(tmp_path, files_per_job=2)
    paths = found.shard_paths("train")
    assert found.shards() == {"train": 5} and found.parts("train") == 3
    parts = [found.part_files("train", part) for part in range(3)]
    assert [path for part in parts for path, _ in part] == list(paths)
    assert paths[1] == f"{tmp_path}/2/frame/train0063.tfrecord"
    assert parts[2][0][1] == found.plan("train").files[4]


def test_the_state_of_a_part_depends_on_its_own_files_only(tmp_path):
    found = planned(tmp_path, files=4, files_per_job=2, connections=2)
    more = planned(tmp_path, files=5, files_per_job=2, connections=9, mirror="eu")
    states = [found.part_state("train", part) for part in range(2)]
    assert states == [more.part_state("train", part) for part in range(2)]
    assert len({*states}) == 2
    elsewhere = planned(tmp_path / "other", files=4, files_per_job=2)
    assert elsewhere.part_state("train", 0) != states[0]


def test_a_plan_that_is_not_there_is_reported_once_and_read_by_nobody(tmp_path):
    found = source(folder=str(tmp_path))
    with pytest.raises(InvalidSetting):
        found.shards()
    with pytest.raises(ArtefactError):
        found.part_files("train", 0)
    with pytest.raises(ConfigError, match=r"^s: there is no download plan of test, train, vali"):
        found.check_schema(Schema(), "s")


def test_a_plan_of_another_subset_or_a_damaged_one_is_refused(tmp_path):
    found = planned(tmp_path, subset="1/2")
    found.plan_path("train").replace(tmp_path / "2/frame/train.1-of-3.json")
    other = source(**as_entry(found) | {"subset": "1/3"})
    with pytest.raises(ConfigError, match=r"^s: .*: subset: is '1/2'; expected '1/3'; fetch it"):
        other.check_schema(Schema(), "s")


def test_missing_files_are_refused_unless_they_may_be_left_out(tmp_path):
    found = planned(tmp_path, missing=("trainzz.tfrecord",))
    with pytest.raises(ConfigError, match=r"^s\.missing: is 'refuse', but .* 1 file of train: tr"):
        found.check_schema(Schema(), "s")
    source(**as_entry(found) | {"missing": "leave_out"}).check_schema(Schema(), "s")


def test_the_level_must_be_the_layout_of_the_records(tmp_path):
    with pytest.raises(ConfigError, match=r"^s\.level: is 'frame', but dataset.layout is 'video'"):
        planned(tmp_path).check_schema(Schema(layout="video"), "s")


def test_planning_does_not_import_what_downloads(tmp_path):
    planned(tmp_path)
    code = "import sys\nfrom yt8m.recipes import read_recipe\n"
    code += f"found = read_recipe({FAMILY!r}, {as_entry(planned(tmp_path))!r}, 'x')\n"
    code += "found.part_state('train', 0)\n"
    code += "assert not {'requests', 'urllib3', 'pyarrow'} & set(sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
