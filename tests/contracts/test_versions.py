"""The environment of jobs matches the lock file, which pins everything that it installs."""

import re
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
ENVIRONMENTS = sorted((ROOT / "envs").glob("*.yaml"))
LOCKED = re.findall(r"^[\w.-]+==[^\\\n]+", (ROOT / "requirements.lock").read_text(), re.M)


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def pinned(python: str) -> dict[str, str]:
    """Name -> version in the lock file for a version of Python."""
    python = {"python_version": python, "python_full_version": f"{python}.0"}
    locked = [Requirement(line) for line in LOCKED]
    met = [r for r in locked if r.marker is None or r.marker.evaluate(python)]
    return {normal(r.name): str(r.specifier).removeprefix("==") for r in met}


@pytest.mark.parametrize("path", ENVIRONMENTS, ids=lambda p: p.name)
def test_a_conda_environment_has_the_versions_of_the_lock_file(path):
    conda = yaml.safe_load(path.read_text())["dependencies"]
    of_pip = next(entry["pip"] for entry in conda if isinstance(entry, dict))
    found = dict(re.fullmatch(r"(\S+) ==(\S+)", entry).groups() for entry in of_pip)
    found["pip"] = next(e for e in conda if str(e).startswith("pip ")).removeprefix("pip =")
    versions = pinned(next(e for e in conda if str(e).startswith("python "))[len("python =") :])
    assert {normal(name): version for name, version in found.items()} == {
        normal(name): versions[normal(name)] for name in found
    }


@pytest.mark.parametrize("path", ENVIRONMENTS, ids=lambda p: p.name)
def test_a_conda_environment_has_everything_that_the_library_needs(path):
    import tomllib

    needed = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    names = {normal(re.match(r"[\w.-]+", entry).group()) for entry in needed}
    names -= {"snakemake"}  # calls the jobs, from its own environment
    text = path.read_text()
    assert names <= {normal(name) for name in re.findall(r"^      - (\S+)", text, re.M)}


def test_the_environment_has_its_own_pip():
    assert {"pip", "setuptools"} <= pinned("3.11").keys()
