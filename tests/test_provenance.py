"""The provenance of a run: software, hardware and revision."""

import json
import subprocess

import pytest

from tests.small import config
from yt8m.config.experiment import read_experiment, whole_entry
from yt8m.provenance import device, provenance, revision


def git(folder, *arguments):
    who = ["-c", "user.name=n", "-c", "user.email=e@example.org"]
    subprocess.run(["git", "-C", str(folder), *who, *arguments], check=True, capture_output=True)


def test_provenance_holds_everything_that_results_depend_on():
    found = provenance(whole_entry(read_experiment(config(seed=7))), {"final": "final"})
    assert found["made"] == {"final": "final"}
    assert found["seeds"]["dataset.source.seed"] == 3
    assert found["seeds"]["models.student.training.seed"] == 7
    assert found["settings"]["models"]["vlad"]["recipe"]["kind"] == "netvlad"
    assert found["versions"]["tensorflow"].startswith("2.")
    assert found["device"]["cores"] >= 1 and found["device"]["cpu"]
    assert json.loads(json.dumps(found)) == found


@pytest.fixture
def repository(tmp_path):
    """A package in a git repository."""
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "__init__.py").write_text("")
    git(tmp_path, "init")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-m", "all")
    return tmp_path


def test_the_revision_is_the_commit_and_says_whether_it_was_changed(repository):
    clean = revision(repository / "package")
    assert len(clean) == 40
    (repository / "package" / "__init__.py").write_text("X = 1")
    assert revision(repository / "package") == f"{clean}-dirty"


def test_a_repository_around_an_installed_package_is_not_its_own(repository):
    (repository / "installed").mkdir()
    (repository / "installed" / "__init__.py").write_text("")
    assert revision(repository / "installed") is None


def test_without_git_there_is_no_revision(tmp_path, repository, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    assert revision(repository / "package") is None


def test_gpus_are_recorded_by_name(tmp_path, monkeypatch):
    program = tmp_path / "nvidia-smi"
    program.write_text("#!/bin/sh\n[ $1 = --query-gpu=name ] && printf 'NVIDIA A\nNVIDIA B\n'\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert device()["gpus"] == ["NVIDIA A", "NVIDIA B"]
    program.unlink()
    assert device()["gpus"] == []
