"""How the workflow finds and reads config files."""

import pytest

from tests.workflow.project import ROOT, Project


@pytest.fixture
def project(tmp_path):
    project = Project(tmp_path)
    project.write_config()
    return project


ABOVE = {
    "a word twice": (
        "title: a\ntitle: b\n",
        "above.yaml, line 2: the key 'title' is already in",
    ),
    "octal": ("training: {epochs: 010}\n", "above.yaml, line 1: 010 is an octal number in YAML"),
    "base 60": ("training:\n  epochs: 1:30\n", "above.yaml, line 2: 1:30 is a base-60 number"),
    "a name": ("models: {no: {kind: logistic}}\n", "models: YAML reads one of its keys as False"),
    "infinite": (
        "ema: {memory_steps: .inf}\n",
        "ema.memory_steps: is inf; expected a finite",
    ),
    "a seed": ("training: {seed: -5}\n", "training.seed: is -5; 0 or more"),
    "label names": ("dataset: {label_names: a.csv}\n", "dataset.label_names: a.csv: needs columns"),
}


@pytest.mark.parametrize("kind", ABOVE)
def test_a_dry_run_reports_mistakes_in_config_files(project, kind):
    text, message = ABOVE[kind]
    (project.folder / "above.yaml").write_text(text)
    (project.folder / "a.csv").write_text("index,name\n0,Cat\n")
    configs = ("config.yaml", "above.yaml")
    output = project.snakemake("--dry-run", succeeds=False, configs=configs)
    assert message in output and "Traceback" not in output
    assert not (project.folder / "results").exists()


def test_single_settings_can_be_set_on_the_command_line(project):
    project.snakemake("--dry-run", "records", "--config", "results=~/elsewhere", "title=a {b}")
    assert "elsewhere/data/train.json" in project.output


def test_without_configfile_the_demo_or_the_directorys_own_config_is_planned(project):
    elsewhere = project.folder / "elsewhere"
    project.snakemake("--dry-run", "records", "--directory", str(elsewhere), configs=())
    assert "results/data/train/train-00009-of-00010.tfrecord" in project.output
    (elsewhere / "config").mkdir()
    demo = (ROOT / "config" / "config.yaml").read_text()
    (elsewhere / "config" / "config.yaml").write_text(demo.replace("[10, 4000]", "[2, 4000]"))
    project.snakemake("--dry-run", "records", "--directory", str(elsewhere), configs=())
    assert "results/data/train/train-00001-of-00002.tfrecord" in project.output


def test_the_demo_is_not_merged_into_a_users_config(project):
    (project.folder / "config.yaml").write_text("title: mine\n")
    assert "dataset: is missing" in project.snakemake("--dry-run", succeeds=False)
