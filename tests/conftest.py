"""Fixtures shared by all tests."""

import os
import signal
from pathlib import Path

import pytest

from tests.goldens import golden_file, shared_folder
from tests.soaking import SOAK

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
# `nohup` and `&` in a script start pytest, and hence all processes of tests, with signals ignored.
signal.signal(signal.SIGHUP, signal.SIG_DFL)
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of reference material, if there is one."""
    folder = shared_folder()
    if folder is None:
        pytest.skip("YT8M_SHARED names no folder with the reference numbers")
    return folder


@pytest.fixture(scope="session")
def golden():
    """Path of a file of numbers computed by the original programs, by name."""
    return golden_file


SLOW = {"workflow", "slurm"}
"""Folders whose tests run the workflow, most of them several times."""


def pytest_xdist_auto_num_workers():
    """One worker more than there are cores: the tests of the workflow often wait for processes."""
    return len(os.sched_getaffinity(0)) + 1


@pytest.hookimpl(tryfirst=True)  # before pytest-xdist looks at the groups
def pytest_collection_modifyitems(config, items):
    """The tests of a file share its fixtures and so a worker; those of the workflow are spread.

    There, what they share is made once for all workers (`run_once`), and each test is slow.
    """
    left_out = [] if SOAK else [item for item in items if item.get_closest_marker("soak")]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]
    for item in items:
        if SLOW & set(item.path.relative_to(item.config.rootpath).parts):
            item.add_marker("slow")
        if "workflow" not in item.path.parts and not item.get_closest_marker("xdist_group"):
            item.add_marker(
                pytest.mark.xdist_group(str(item.path.relative_to(item.config.rootpath)))
            )
