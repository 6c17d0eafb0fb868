"""The plan of config/real.yaml, and of configs that override it."""

import os
import shutil
from pathlib import Path

import pytest
import yaml

from tests.workflow.project import ROOT, Project


@pytest.fixture
def project(tmp_path, monkeypatch):
    """The configs and empty shards, with nothing made."""
    for name in ("real.yaml", "families.yaml", "frontier.yaml"):
        shutil.copy(ROOT / "config" / name, tmp_path / name)
    files = yaml.safe_load((tmp_path / "real.yaml").read_text())["dataset"]["source"]["files"]
    (tmp_path / "records").mkdir()
    for path in (path for split in files.values() for path in split):
        (tmp_path / "records" / Path(path).name).touch()
    monkeypatch.setenv("YT8M_VIDEO_LEVEL", str(tmp_path / "records"))
    return Project(tmp_path)


def up_to_the_first_ensemble(models: int, ensembles: int) -> dict[str, int]:
    """The jobs in a dry run; the rest is planned once that ensemble's fingerprint is known."""
    stages = dict.fromkeys(("train", "ema", "quantise"), models)
    scores = {"model_config": 3 * models, "evaluate": 3 * models}
    made = {"ensemble": ensembles, "fingerprint": ensembles}
    return {"make_shard": 26, "manifest": 2, "find_duplicates": 1, **stages, **scores, **made}


def test_real_records_are_planned_up_to_the_teacher(project):
    assert project.plan(configs=("real.yaml",)) == up_to_the_first_ensemble(5, 2)


def test_families_are_trained_on_the_same_records(project):
    plan = project.plan(configs=("real.yaml", "families.yaml"))
    assert plan == up_to_the_first_ensemble(15, 1)


def test_the_frontier_on_real_records_is_planned_up_to_the_teacher(project):
    plan = project.plan("frontier", configs=("real.yaml", "frontier.yaml"))
    assert plan == {
        **{"make_shard": 26, "manifest": 2, "find_duplicates": 1, "model_config": 6},
        **{"train": 2, "ema": 2, "quantise": 2, "ensemble": 1, "fingerprint": 1, "frontier": 1},
    }


def test_a_replaced_source_is_expanded_again_whatever_its_date(project):
    for split, shards in (("train", 20), ("validate", 6)):
        names = [f"{split}/{split}-{n:05d}-of-{shards:05d}.tfrecord" for n in range(shards)]
        names += [f"{split}.{ending}" for ending in ("json", "digest", "ids.npy")]
        for name in (*names, "duplicate-videos.txt", "duplicate-videos.digest"):
            path = project.folder / "results-real/data" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
    options = {"configs": ("real.yaml",)}
    project.snakemake("records", "--touch", "--forceall", **options)
    assert project.plan("records", **options) == {}
    other = project.folder / "other"
    other.write_text("other")
    os.utime(other, (1e9, 1e9))
    other.rename(project.folder / "records/validate0005.tfrecord")
    expected = {"make_shard": 1, "manifest": 1, "find_duplicates": 1}
    assert project.plan("records", **options) == expected
