"""The wheel, built from the archive of the sources, built from the tracked files; as in a release.

The wheel is installed into an environment of its own, which takes the packages that it needs from
the environment of the tests. Nothing there leads to this checkout: paths named in a `.pth` file
are not searched for further `.pth` files, and so not for an editable installation.
"""

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from tests.workflow.project import copy_checkout


@pytest.fixture(scope="package")
def sources(tmp_path_factory):
    """The tracked files, with uncommitted edits."""
    return copy_checkout(tmp_path_factory.mktemp("sources") / "checkout")


@pytest.fixture(scope="package")
def dist(sources, tmp_path_factory):
    """Folder of both files."""
    out = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), str(sources)]
    done = subprocess.run(build, capture_output=True, text=True, env=outside())
    assert done.returncode == 0, done.stdout + done.stderr
    return out


@pytest.fixture(scope="package")
def installed(dist, tmp_path_factory):
    """The folder of an environment with the wheel."""
    place = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", place], check=True)
    (packages,) = place.glob("lib/python*/site-packages")
    (packages / "of_tests.pth").write_text(f"{sysconfig.get_path('purelib')}\n")
    (wheel,) = dist.glob("*.whl")
    pip = [sys.executable, "-m", "pip", "--python", place / "bin/python", "install", "--quiet"]
    options = ["--no-deps", "--no-index", "--no-compile", "--disable-pip-version-check"]
    subprocess.run([*pip, *options, wheel], check=True, env=outside())
    return place


def outside() -> dict[str, str]:
    """The variables of the environment, without the path to this checkout."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}


def run(installed: Path, folder: Path, *words: str | Path) -> str:
    """What a program of the environment prints, started in a folder; it must succeed."""
    command = [installed / "bin" / words[0], *words[1:]]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, env=outside())
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
