"""The environment of jobs is that of the lock file, which pins all that it installs."""

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
ENVIRONMENTS = sorted((ROOT / "envs").glob("*.yaml"))
PINNED = dict(re.findall(r"^([\w.-]+)==(\S+)", (ROOT / "requirements.lock").read_text(), re.M))


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize("path", ENVIRONMENTS, ids=lambda p: p.name)
def test_a_conda_environment_has_the_versions_of_the_lock_file(path):
    conda = yaml.safe_load(path.read_text())["dependencies"]
    of_pip = next(entry["pip"] for entry in conda if isinstance(entry, dict))
    found = dict(re.fullmatch(r"(\S+) ==(\S+)", entry).groups() for entry in of_pip)
    found["pip"] = next(e for e in conda if str(e).startswith("pip ")).removeprefix("pip =")
    assert {normal(name): version for name, version in found.items()} == {
        normal(name): PINNED[normal(name)] for name in found
    }


@pytest.mark.parametrize("path", ENVIRONMENTS, ids=lambda p: p.name)
def test_a_conda_environment_has_all_that_the_library_needs(path):
    import tomllib

    needed = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    names = {normal(re.match(r"[\w.-]+", entry).group()) for entry in needed}
    names -= {"snakemake"}  # calls the jobs, from an environment of its own
    text = path.read_text()
    assert names <= {normal(name) for name in re.findall(r"^      - (\S+)", text, re.M)}


def test_the_environment_brings_a_pip_of_its_own():
    assert "pip" in PINNED and "setuptools" in PINNED
