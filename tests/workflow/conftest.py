"""One finished run that all tests of the workflow start from."""

import pytest

from tests.workflow.project import Project


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
