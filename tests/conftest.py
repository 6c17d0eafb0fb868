"""Fixtures shared by all tests."""

import os
from pathlib import Path

import pytest

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of reference material, where there is one."""
    folder = os.environ.get("YT8M_SHARED")
    if not folder or not Path(folder).is_dir():
        pytest.skip("YT8M_SHARED names no folder with the reference numbers")
    return Path(folder)


@pytest.fixture(scope="session")
def golden(shared):
    """Path of a file of numbers computed by the original programs, by name."""
    return lambda name: shared / "golden" / name
