"""Finished runs that the tests of the workflow start from."""

import os
import subprocess
import sys
from collections.abc import Callable

import pytest

from tests.once import made_once
from tests.workflow.project import ROOT, Project


@pytest.fixture(scope="session")
def run_once(tmp_path_factory):
    """A function: the run of this name, which `make` of its first caller has made.

    make: gets a project in an empty folder and returns jobs by rule, which `project.ran` keeps.
    Workers have copies of their own; tests must not change them all the same.
    """

    def run(name: str, make: Callable[[Project], dict[str, int]]) -> Project:
        folder, ran = made_once(tmp_path_factory, name, lambda f: make(Project(f)))
        project = Project(folder)
        project.ran = ran
        return project

    return run


@pytest.fixture(scope="session")
def built(run_once):
    """The finished run of the small config."""

    def make(project: Project) -> dict[str, int]:
        project.write_config()
        return project.run()

    return run_once("built", make)


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
