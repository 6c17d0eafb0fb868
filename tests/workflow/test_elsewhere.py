"""Another workflow uses this one from a git repository, as `snakedeploy` sets it up."""

import subprocess
import sys

import pytest

from tests.workflow.project import Project, copy_checkout

SNAKEFILE = """
configfile: "config.yaml"


module yt8m:
    snakefile:
        "git+file://{repository}/workflow/Snakefile@release"
    config:
        config


use rule * from yt8m as yt8m_*


rule best:
    default_target: True
    input:
        "results/predictions/final/validate.csv",
    output:
        "best.txt",
    shell:
        "head -n 2 {{input}} > {{output}}"
"""


@pytest.fixture(scope="module")
def repository(tmp_path_factory):
    """A clone with the current sources on its branch `release`, and nothing checked out."""
    folder = copy_checkout(tmp_path_factory.mktemp("elsewhere") / "repository")
    init = folder / "yt8m/__init__.py"
    told = 'import sys\n\nprint("library:", __file__, file=sys.stderr)\n'
    init.write_text(f"{init.read_text()}\n{told}")
    git = ["git", "-C", str(folder), "-c", "user.name=n", "-c", "user.email=e@example.org"]
    for words in (
        ["checkout", "--quiet", "-b", "release"],
        ["add", "--all"],
        ["commit", "--quiet", "--message", "as it is"],
        ["checkout", "--quiet", "--orphan", "empty"],
        ["rm", "-r", "--force", "--quiet", "."],
    ):
        subprocess.run([*git, *words], check=True)
    return folder


@pytest.fixture(scope="module")
def installed(repository):
    """The library as pip installs it from there."""
    folder = repository.with_name("installed")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation"]
    source = f"git+file://{repository}@release"
    subprocess.run([*pip, "--target", str(folder), source], check=True)
    return folder


@pytest.fixture
def user(tmp_path, repository, installed, monkeypatch):
    """A working directory with its own config and workflow."""
    project = Project(tmp_path / "user", checkout=tmp_path / "user")
    project.folder.mkdir()
    project.write_config()
    snakefile = SNAKEFILE.format(repository=repository)
    (project.folder / "Snakefile").write_text(snakefile)
    project.library = installed
    return project


def test_another_workflow_plans_all_of_this_one_and_runs_a_part(user):
    plan = user.plan()
    assert plan["yt8m_train"] == 3 and plan["yt8m_model_config"] == 9 and plan["best"] == 1
    settings = "results/models/vlad/config.json"
    made = {"yt8m_make_shard": 4, "yt8m_manifest": 2, "yt8m_find_duplicates": 1}
    assert user.run("yt8m_records", settings) == {**made, "yt8m_model_config": 1}
    # By a link, so that jobs need only the library's dependencies.
    (library,) = (user.folder / ".snakemake/yt8m").glob("*-library")
    log = user.path("logs/manifest/train.log").read_text()
    assert f"library: {library}/yt8m/__init__.py" in log
    assert [path.readlink() for path in library.iterdir()] == [user.library / "yt8m"]
    assert user.plan("yt8m_records", settings) == {}


@pytest.mark.parametrize("word", ['prefix: "pp"', 'replace_prefix: {"results/": "out/"}'])
def test_a_prefix_is_refused_with_the_setting_to_use_instead(user, word):
    snakefile = user.folder / "Snakefile"
    snakefile.write_text(
        snakefile.read_text().replace("    config:\n", f"    {word}\n    config:\n", 1)
    )
    assert "set `results` instead" in user.snakemake("-n", succeeds=False)


def test_until_knows_the_rules_by_their_names_in_the_other_workflow(user):
    snakefile = user.folder / "Snakefile"
    snakefile.write_text(snakefile.read_text().replace("as yt8m_*", "as video_*"))
    output = user.snakemake("--until", "video_distil", succeeds=False)
    assert "--until video_distil: would have no effect" in output
    assert "Name a target instead: snakemake video_distillation" in output
