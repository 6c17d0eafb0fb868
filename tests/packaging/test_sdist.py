"""The archive of the sources is the checkout: workflow, settings, documentation and tests too."""

import re
import subprocess
import sys

import pytest

from tests.packaging.conftest import outside
from tests.workflow.project import ROOT

WRITTEN = {"PKG-INFO", "setup.cfg"}
"""Files that setuptools adds, besides the folder yt8m.egg-info."""


@pytest.fixture(scope="module")
def unpacked(dist, tmp_path_factory):
    (sdist,) = dist.glob("*.tar.gz")
    place = tmp_path_factory.mktemp("unpacked")
    subprocess.run(["tar", "-xzf", str(sdist), "-C", str(place)], check=True)
    return place / sdist.name.removesuffix(".tar.gz")


def test_it_has_every_tracked_file(unpacked):
    tracked = subprocess.check_output(["git", "-C", ROOT, "ls-files", "-z"], text=True)
    files = {p.relative_to(unpacked).as_posix() for p in unpacked.rglob("*") if p.is_file()}
    files = {name for name in files if not name.startswith("yt8m.egg-info/")}
    assert files - WRITTEN == set(tracked.split("\0")) - {""}


def test_the_workflow_runs_from_it(unpacked):
    """Its plan for the embedded demo."""
    plan = [sys.executable, "-m", "snakemake", "--dry-run", "--quiet", "reason"]
    done = subprocess.run(plan, cwd=unpacked, capture_output=True, text=True, env=outside())
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    for rule in ("make_shard", "train", "ensemble"):  # with its number of jobs
        assert re.search(rf"^{rule} +\d+$", said, re.MULTILINE)
