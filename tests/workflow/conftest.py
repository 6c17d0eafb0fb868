"""One finished run that all tests of the workflow start from."""

import os
import subprocess
import sys

import pytest

from tests.workflow.project import ROOT, Project


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """The finished run; `built.first` counts the jobs it took. Do not change it."""
    project = Project(tmp_path_factory.mktemp("workflow"))
    project.write_config()
    project.first = project.run()
    return project


@pytest.fixture
def done(built, tmp_path):
    """A finished run to change."""
    return built.copy_to(tmp_path / "project")


@pytest.fixture(scope="session")
def command_line():
    """The modules that every command imports before it does anything."""
    program = "import yt8m.cli, sys; print(*(m for m in sys.modules if m.startswith('yt8m')))"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return set(
        subprocess.check_output([sys.executable, "-c", program], env=environment).decode().split()
    )
