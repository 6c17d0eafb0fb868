"""Configs that override others, runs side by side, and this workflow as a module of another one."""

import copy
import json
import shlex
from pathlib import Path

import yaml

from tests.small import config
from tests.workflow.project import ROOT, Project
from tests.workflow.promises import compressing, learning

ABOVE = """
results: elsewhere
training: { epochs: 3 }
models:
  bag: { clusters: 32 }
  spare: { kind: logistic }
run: { predict: [], models: [spare] }
"""


def test_an_overriding_config_changes_settings_adds_models_and_replaces_lists(tmp_path):
    project = Project(tmp_path)
    project.write_config()
    (tmp_path / "mine.yaml").write_text(ABOVE)
    configs = ("config.yaml", "mine.yaml")
    output = project.snakemake("-n", "--printshellcmds", "teachers", configs=configs)
    assert "results/" not in output.split("Building DAG")[1]
    models = Path("elsewhere/models")
    targets = [models / "bag/trained/config.json", models / "spare/config.json"]
    project.run(*map(str, targets), configs=configs)
    bag, spare = (json.loads((tmp_path / path).read_text()) for path in targets)
    assert bag["recipe"]["clusters"] == 32 and bag["recipe"]["hidden"] == 8
    assert bag["training"]["epochs"] == 3 and bag["training"]["batch_size"] == 10
    assert spare["recipe"]["kind"] == "logistic"
    # The list `predict` is replaced: the target has nothing to make.
    assert "predict" not in project.plan("submission", configs=configs)


def test_two_configs_in_one_directory_do_not_affect_each_other(done):
    settings = copy.deepcopy(config())
    settings["results"] = "others"
    settings["dataset"]["source"] = {**settings["dataset"]["source"], "seed": 4}
    (done.folder / "others.yaml").write_text(yaml.safe_dump(settings, sort_keys=False))
    before = contents(done.folder / "results")
    ran = done.run("records", configs=("others.yaml",))
    assert ran == {"make_shard": 3, "manifest": 2, "find_duplicates": 1}
    assert contents(done.folder / "results") == before
    assert (done.folder / "others/data/train.json").is_file()
    assert done.plan() == {} and done.plan("records", configs=("others.yaml",)) == {}


def contents(folder):
    """Every file's date and size."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in files}


SNAKEFILE = """
configfile: "config.yaml"


module yt8m:
    snakefile:
        {snakefile!r}
    config:
        config


use rule * from yt8m as yt8m_*


rule all:
    default_target: True
    input:
        "best.txt",


rule best:
    input:
        "results/predictions/final/validate.csv",
    output:
        "best.txt",
    shell:
        "head -n 2 {{input}} > {{output}}"
"""


def test_another_workflow_can_use_this_one_as_a_module(done):
    (done.folder / "Snakefile").write_text(SNAKEFILE.format(snakefile=str(ROOT / "Snakefile")))
    arguments = {"snakefile": done.folder / "Snakefile"}
    assert done.plan(**arguments) == {"best": 1}
    done.remove("predictions/final/validate.csv")
    done.remove("ensembles/final/size.json")
    expected = {"yt8m_submit": 1, "yt8m_size": 1, "yt8m_archive": 1, "best": 1}
    assert done.run("all", "yt8m_final", **arguments) == expected
    assert (done.folder / "best.txt").read_text().startswith("VideoId,LabelConfidencePairs")
    assert done.plan() == {}


def test_as_a_module_the_workflow_starts_from_nothing(tmp_path):
    project = Project(tmp_path)
    project.write_config()
    (tmp_path / "Snakefile").write_text(SNAKEFILE.format(snakefile=str(ROOT / "Snakefile")))
    plan = project.plan(snakefile=tmp_path / "Snakefile")
    assert plan["yt8m_train"] == 3 and plan["best"] == 1
    arguments = {"snakefile": tmp_path / "Snakefile"}
    made = {"yt8m_make_shard": 4, "yt8m_manifest": 2, "yt8m_find_duplicates": 1}
    assert project.run("yt8m_records", **arguments) == made


def test_a_folder_may_have_a_space_in_its_name(tmp_path):
    """Every command gets such a path as one argument."""

    def change(c):
        c["results"] = "the results"
        c["dataset"]["label_names"] = "the names.csv"
        learning()(c)
        compressing(recovery={"epochs": 1})(c)

    project = Project(tmp_path)
    project.write_config(change)
    (tmp_path / "the names.csv").write_text("Index,Name\n")
    output = project.snakemake("records", "--printshellcmds")
    project.stand_in = True  # which has to know how many shards there are
    output += project.snakemake("--printshellcmds")
    start = "python -m yt8m "
    lines = [line.split(start)[1] for line in output.splitlines() if start in line]
    commands = [shlex.split(line) for line in lines]
    kinds = {words[0] for words in commands}
    assert {
        "records",
        "learn-weights",
        "ensemble",
        "distil",
        "train",
        "compress",
        "archive",
    } <= kinds
    assert not [words for words in commands if "the" in words]
    assert any("the results/data/train.json" in words for words in commands)
