"""An external model: contracts, `describe`, a run, its edits and the report."""

import os
import subprocess
import sys

import pytest

from tests.outside import KIND, write_model
from tests.workflow.project import ROOT, Project

CONTRACTS = ("models", "model_training", "model_files", "protocols")


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    return write_model(tmp_path_factory.mktemp("outside"))


def with_the_package(package) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": f"{ROOT}:{package}"}


def test_the_contracts_hold_for_an_external_model(package):
    files = [f"tests/contracts/test_{name}.py" for name in CONTRACTS]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-n", "0", "-q", "-p", "no:cacheprovider", *files],
        cwd=ROOT,
        env={**with_the_package(package), "YT8M_KINDS": KIND},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout[-4000:]
    assert done.stdout.count(".") > 20


def of_one_model(settings):
    settings["models"] = {"pooled": {"kind": KIND, "hidden": 8}}
    settings["ensembles"] = {"final": {"members": {"pooled": 1.0}}}
    settings["run"] = {}


def test_a_config_with_an_external_model_runs_from_describe_to_the_report(package, tmp_path):
    project = Project(tmp_path)
    project.python_path = (package,)
    project.write_config(of_one_model)
    command = [sys.executable, "-m", "yt8m", "describe", "config.yaml"]
    told = subprocess.check_output(command, cwd=tmp_path, env=with_the_package(package), text=True)
    assert "pooled" in told
    assert project.run()["train"] == 1
    assert KIND in project.path("report.html").read_text()
    assert project.plan() == {}
    layer = package / "my_models/pooling.py"
    layer.write_text(layer.read_text().replace("-2.0", "-3.0"))
    assert project.plan()["train"] == 1


def test_a_model_that_cannot_be_imported_is_refused_with_a_remedy(tmp_path):
    project = Project(tmp_path)
    project.write_config(of_one_model)
    assert "PYTHONPATH" in project.snakemake("--dry-run", succeeds=False)
