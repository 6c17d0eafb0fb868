"""From a bucket to the records of a run, and what is fetched again: what was replaced."""

import subprocess
import sys

import pytest

pytest.importorskip("moto", reason="moto, a store to test with, is of the extra dev")

from tests.download.buckets import CREDENTIALS, breaks_off, environment, storing
from tests.small import SCHEMA, SOURCE
from tests.workflow.project import ROOT, Project
from yt8m.data.manifest import read_manifest
from yt8m.recipes import read_recipe

KEYS = {"train": [f"yt8m/train{n}.tfrecord" for n in range(3)], "validate": ["yt8m/val.tfrecord"]}


@pytest.fixture(scope="module")
def shards(tmp_path_factory):
    """Key -> content of a shard; and under "other" that of one more of train."""
    folder = tmp_path_factory.mktemp("shards")
    splits = {"train": [4, 80], "validate": [1, 30]}
    source = read_recipe("yt8m.data.sources", SOURCE | {"splits": splits}, "source")
    found = {}
    for split, keys in {**KEYS, "train": [*KEYS["train"], "other"]}.items():
        for number, key in enumerate(keys):
            source.make_shard(split, number, SCHEMA, folder / "shard")
            found[key] = (folder / "shard").read_bytes()
    return found


@pytest.fixture
def bucket(shards, monkeypatch):
    with storing() as empty:
        found = empty()
        for name, value in environment(found).items():
            monkeypatch.setenv(name, value)
        for key, content in shards.items():
            found.put(key, content)
        yield found


@pytest.fixture
def project(tmp_path, bucket):
    """A config with shards in the bucket; nothing is planned yet."""
    project = Project(tmp_path)

    def change(c):
        files = {"train": ["s3://bucket/yt8m/train*"], "validate": ["s3://bucket/yt8m/val*"]}
        c["dataset"]["source"] = {"kind": "object_store", "files": files, "files_per_job": 2}
        c["models"] = {"vlad": c["models"]["vlad"]}
        c["ensembles"] = {"final": {"members": {"vlad": 1.0}}}
        c["run"] = {}

    project.write_config(change)
    return project


def yt8m(project, *words) -> str:
    """Run `yt8m records ...` with the project's config; returns what it prints."""
    command = [sys.executable, "-m", "yt8m", "records", *words, "config.yaml"]
    variables = project.environment() | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        command, cwd=project.folder, env=variables, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def test_objects_are_fetched_once_and_count_as_planned(project, bucket, shards, monkeypatch):
    output = project.snakemake("--dry-run", succeeds=False)
    assert "dataset.source: there is no download plan of train, validate, such as shards/" in output
    assert "yt8m records plan" in output and "Traceback" not in output
    assert ".json: 3 files of train" in yt8m(project, "plan")
    assert bucket.fetched() == []

    bucket.fail(KEYS["train"][1], breaks_off(500))
    ran = project.run("records")
    assert ran["download"] == 3 and ran["manifest"] == 2
    assert {key for key, _ in bucket.fetched()} == {*KEYS["train"], *KEYS["validate"]}
    manifest = read_manifest(project.path("data/train.json"))
    assert [shard.path.stem for shard in manifest.shards] == ["train0", "train1", "train2"]
    folder = project.folder / "shards/s3/bucket"
    assert all((folder / key).read_bytes() == shards[key] for keys in KEYS.values() for key in keys)
    assert_no_file_has_credentials(project)

    # A run needs no store once everything is there.
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    assert project.plan("records") == {}
    monkeypatch.setenv("AWS_ENDPOINT_URL", bucket.address)

    # An object that is replaced counts once it is planned; only it is fetched.
    bucket.put(KEYS["train"][2], shards["other"])
    assert project.plan("records") == {}
    bucket.seen.clear()
    yt8m(project, "plan", "--split", "train")
    ran = project.run("records")
    assert (ran["download"], ran["manifest"]) == (1, 1)
    assert {key for key, _ in bucket.fetched()} == {KEYS["train"][2]}


def assert_no_file_has_credentials(project) -> None:
    secret = CREDENTIALS["AWS_SECRET_ACCESS_KEY"].encode()
    files = [path for path in project.folder.rglob("*") if path.is_file()]
    assert not [path for path in files if secret in path.read_bytes()]
