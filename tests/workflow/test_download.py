"""From a server with YouTube-8M's layout to a trained model, and what is fetched again: nothing."""

import json
import subprocess
import sys

import pytest
import yaml

from tests.download.loopback import breaks_off, serving
from tests.small import SCHEMA, SOURCE
from tests.workflow.project import ROOT, Project
from yt8m.data.manifest import read_manifest
from yt8m.recipes import read_recipe

TRAINED = "results/models/vlad/trained/weights.safetensors"
NAMES = {"train": ["trainpj", "trainPJ", "trainaa"], "validate": ["validate9Z"]}
LOCAL = {"train": ["train0000", "train0939", "train2577"], "validate": ["validate3833"]}


@pytest.fixture(scope="module")
def shards(tmp_path_factory):
    """Split -> the server's name of each file -> its content."""
    folder = tmp_path_factory.mktemp("shards")
    splits = {"train": [3, 60], "validate": [1, 30]}
    source = read_recipe("yt8m.data.sources", SOURCE | {"splits": splits}, "source")
    found = {split: {} for split in splits}
    for split, names in NAMES.items():
        for number, name in enumerate(names):
            source.make_shard(split, number, SCHEMA, folder / name)
            found[split][f"{name}.tfrecord"] = (folder / name).read_bytes()
    return found


@pytest.fixture
def server(shards):
    with serving() as found:
        for split in shards:
            found.publish(split, shards[split])
        yield found


@pytest.fixture
def project(tmp_path, server, monkeypatch):
    """A config that downloads from the server; nothing is planned yet."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    project = Project(tmp_path)
    downloads(project, server)
    return project


def downloads(project, server, **more):
    """Write the config, with other settings of the source."""

    def change(c):
        c["dataset"]["source"] = {
            "kind": "youtube8m",
            "splits": ["train", "validate"],
            "address": server.address,
            "files_per_job": 2,
            **more,
        }
        c["models"] = {"vlad": c["models"]["vlad"]}
        c["ensembles"] = {"final": {"members": {"vlad": 1.0}}}
        c["run"] = {}
        c["training"]["epochs"] = 1

    project.write_config(change)


def yt8m(project, *words, succeeds=True) -> str:
    """Run `yt8m records ...` with the project's config; returns what it prints."""
    command = [sys.executable, "-m", "yt8m", "records", *words, "config.yaml"]
    environment = project.environment() | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        command, cwd=project.folder, env=environment, capture_output=True, text=True
    )
    assert (done.returncode == 0) == succeeds, done.stderr
    return done.stdout + done.stderr


def test_files_are_fetched_once_whatever_is_lost_or_changed_later(project, server, shards):
    folder = project.folder / "youtube8m/2/frame"
    output = project.snakemake("--dry-run", succeeds=False)
    assert "dataset.source: there is no download plan of train, validate, such as youtube8m/2/" in (
        output
    )
    assert "yt8m records plan" in output and "Traceback" not in output
    assert "train.1-of-1.json: 3 files of train" in yt8m(project, "plan")
    assert server.fetched() == []

    server.fail("trainPJ.tfrecord", breaks_off(500))
    ran = project.run("records", TRAINED)
    assert ran["download"] == 3 and ran["manifest"] == 2 and ran["train"] == 1
    times = {f"{name}.tfrecord": 1 for names in NAMES.values() for name in names}
    assert {n: server.fetched().count(n) for n in times} == times | {"trainPJ.tfrecord": 2}
    for split, names in LOCAL.items():
        found = [shard.path for shard in read_manifest(project.path(f"data/{split}.json")).shards]
        assert [path.stem for path in found] == names
        assert found[0].samefile(folder / f"{names[0]}.tfrecord")
    log = project.path("logs/download/train-00000-of-00002.log").read_text()
    assert log.startswith("train: 2 files fetched (")
    server.seen.clear()

    # Where files come from does not count, nor how many at a time.
    downloads(project, server, address="http://127.0.0.1:9", connections=1)
    assert project.plan("records", TRAINED) == {}

    # A file that was lost is fetched by hand; nothing else happens.
    downloads(project, server)
    (folder / "train0939.tfrecord").unlink()
    output = project.snakemake("--dry-run", succeeds=False)
    said = "of the files of train that were downloaded, 1 went away or changed: youtube8m/"
    assert said in output
    assert "train: 1 file fetched" in yt8m(project, "download")
    assert server.fetched() == ["trainpj.tfrecord"]

    # In other parts, files are only listed again, and the model is not trained again.
    downloads(project, server, files_per_job=3)
    ran = project.run("records", TRAINED)
    assert (ran["download"], ran["manifest"]) == (1, 1) and "train" not in ran
    assert server.fetched() == ["trainpj.tfrecord"]

    # Other content on the server counts once it is planned.
    content = shards["validate"]["validate9Z.tfrecord"]
    server.publish("train", shards["train"] | {"trainaa.tfrecord": content})
    yt8m(project, "plan", "--split", "train")
    assert project.plan("records", TRAINED)["download"] == 1


def test_a_missing_file_is_named_by_the_plan_and_left_out_if_allowed(project, server):
    server.files.pop("/2/frame/train/trainaa.tfrecord")
    assert "train: the server lacks 1 file: trainaa.tfrecord" in yt8m(project, "plan")
    output = project.snakemake("--dry-run", succeeds=False)
    assert "dataset.source.missing: is 'refuse', but the server lacks 1 file of train: " in (output)
    downloads(project, server, missing="leave_out")
    assert project.run("records")["download"] == 2
    manifest = json.loads(project.path("data/train.json").read_text())
    assert manifest["records"] == 40


def test_a_file_that_vanishes_after_it_was_planned_is_named_when_all_others_are_there(
    project, server
):
    yt8m(project, "plan")
    server.files.pop("/2/frame/train/trainaa.tfrecord")
    output = project.snakemake("records", succeeds=False)
    gone = "trainaa.tfrecord: the server has no such file (404); plan again, with this config: "
    assert f"{gone}yt8m records plan" in output
    assert "Rerun the same command to resume, once you have done what the errors ask for" in output
    assert "Traceback" not in output
    folder = project.folder / "youtube8m/2/frame"
    there = {path.stem for path in folder.glob("*.tfrecord")}
    assert there == {*LOCAL["train"], *LOCAL["validate"]} - {"train0000"}


def test_what_is_downloaded_is_read_in_parts_of_its_lists(project):
    settings = project.settings() | {"resources": {"records": {"shards_per_job": 2}}}
    (project.folder / "config.yaml").write_text(yaml.safe_dump(settings, sort_keys=False))
    yt8m(project, "plan")
    ran = project.run("records")
    assert ran == {"download": 3, "survey": 2, "manifest": 2, "find_duplicates": 1}
    shards = read_manifest(project.path("data/train.json")).shards
    assert [shard.path.stem for shard in shards] == LOCAL["train"]
    assert project.plan("records") == {}
