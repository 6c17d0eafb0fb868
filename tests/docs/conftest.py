"""The folders in which commands of pages are run, each made when it is asked for."""

import subprocess

import pytest

from tests.docs.folders import MAKERS


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """A function that returns the folder of this name, which tests must not change."""
    known = {}

    def make(name):
        if name not in known:
            known[name] = MAKERS[name](tmp_path_factory.mktemp(name))
        return known[name]

    return make


@pytest.fixture
def copy(made, tmp_path):
    """A function that returns a copy of the folder of this name."""

    def copy(name):
        subprocess.run(["cp", "-a", f"{made(name)}/.", str(tmp_path)], check=True)
        return tmp_path

    return copy
