"""Fixtures shared by all tests."""

import os
from pathlib import Path

import pytest

from tests.goldens import golden_file, shared_folder

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of reference material, where there is one."""
    folder = shared_folder()
    if folder is None:
        pytest.skip("YT8M_SHARED names no folder with the reference numbers")
    return folder


@pytest.fixture(scope="session")
def golden():
    """Path of a file of numbers computed by the original programs, by name."""
    return golden_file
