"""Mistakes in the config are reported before anything runs."""

import re
from dataclasses import replace

import pytest

from tests.small import SCHEMA, shard_name, write_dataset
from tests.soaking import soak
from tests.workflow.project import Project
from yt8m.data.examples import decode_video, encode_video
from yt8m.data.tfrecord import read_records, write_records


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda c: c["training"].update(epcohs=3), "training.epcohs: unknown setting, did you"),
        (lambda c: c.update(trainning={}), "trainning: unknown setting, did you mean 'training'?"),
        (lambda c: c["run"].update(evaluate=["valid"]), "split 'valid' has no shards"),
        (lambda c: c["run"].update(evaluate=[]), "run.evaluate: is empty"),
        (
            lambda c: c["models"].update({"a-b": {"kind": "logistic"}}),
            "models.a-b: is not a valid name",
        ),
        (
            lambda c: c["ensembles"]["teacher"].update(members={"ghost": 1.0}),
            "ensembles.teacher.members.ghost: no such model",
        ),
        (
            lambda c: c["ensembles"]["teacher"].update(members={"vlad": 0.5}),
            "the weights sum to 0.5; they must sum to 1",
        ),
    ],
)
def test_a_mistake_in_the_config_stops_the_run_at_once(tmp_path, change, message):
    project = Project(tmp_path)
    project.write_config(change)
    output = project.snakemake(succeeds=False)
    assert message in output and "Traceback" not in output
    assert not (tmp_path / "results").exists()


def test_a_missing_shard_is_named(tmp_path):
    def change(c):
        c["dataset"]["source"] = {
            "kind": "records",
            "files": {"train": ["gone.tfrecord"], "validate": ["too.tfrecord"]},
        }

    project = Project(tmp_path)
    project.write_config(change)
    output = project.snakemake("records", succeeds=False)
    assert "split train, 1 of 1 shards: gone.tfrecord: cannot be read (No such file" in output
    assert "Traceback" not in output and not (tmp_path / "results").exists()


@pytest.mark.parametrize("rule", ["distil", "distilled_manifest", "evaluate_ensemble", "report"])
def test_until_a_rule_behind_an_ensemble_is_refused_with_the_target_to_use(tmp_path, rule):
    """Snakemake would find no such job, make nothing, and report success."""
    project = Project(tmp_path)
    project.write_config()
    output = project.snakemake("--until", rule, succeeds=False)
    target = output.split("Name a target instead: snakemake ")[1].split()[0]
    assert not (tmp_path / "results").exists() and "Traceback" not in output
    assert project.plan(target)["train"] == 3
    assert "train" in project.plan("--until", "train")


@pytest.mark.parametrize("damage", [soak("truncated"), "flipped", "unlabelled"])
def test_a_damaged_shard_is_named_and_finished_files_are_kept(tmp_path, damage):
    write_dataset(tmp_path / "given")
    shard = tmp_path / "given/validate" / shard_name("validate", 0, 1)
    whole = shard.read_bytes()
    if damage == "unlabelled":
        videos = [decode_video(record, SCHEMA, "") for record in read_records(shard)]
        write_records(shard, [encode_video(replace(v, labels=()), SCHEMA) for v in videos])
    else:
        shard.write_bytes(whole[:-9] if damage == "truncated" else whole[:-9] + b"?" + whole[-8:])

    def change(c):
        splits = ("train", "validate")
        c["dataset"]["source"] = {
            "kind": "records",
            "files": {s: [f"given/{s}/{s}-*.tfrecord"] for s in splits},
        }

    project = Project(tmp_path)
    project.write_config(change)
    output = project.snakemake("records", "--keep-going", succeeds=False)
    if damage == "unlabelled":
        assert "split validate: none of the videos in 1 shards has a label" in output
    else:
        assert f"{shard.name}, record 29: " in output
        assert "if not, fetch or write it again, or leave it out" in output
    last = output[output.rindex("manifest/validate at shard ") :]
    assert re.match(r"manifest/validate at shard [01] of 1: failed: ", last)
    assert "results/logs/manifest/validate.log\nRerun the same command to resume, once" in last
    assert project.path("data/train.json").exists()
    assert not project.path("data/validate.json").exists()
    shard.write_bytes(whole)
    ran = project.run("records")
    # The damaged shard was replaced by another file, so its list has changed, too.
    assert ran == {"sources": 1, "manifest": 1, "find_duplicates": 1}


def test_an_exceeded_budget_fails_with_the_table_and_keeps_what_is_finished(done):
    done.write_config(lambda c: c["ensembles"]["final"].update(budget_bytes=270_000))
    output = done.snakemake(succeeds=False)
    assert "more than its budget_bytes of 270,000" in output and "student  hidden/kernel" in output
    assert done.path("ensembles/final/ensemble.json").exists()
    assert done.path("report.html").exists()


def test_an_impossible_budget_ends_the_run_before_its_first_job(tmp_path):
    project = Project(tmp_path)
    project.write_config(lambda c: c["ensembles"]["final"].update(budget_bytes=100))
    output = project.snakemake(succeeds=False)
    assert "ensembles.final.budget_bytes: is 100; its members and their graph take" in output
    assert "Traceback" not in output and "Finished jobid" not in output
    assert not (tmp_path / "results/data").exists()
