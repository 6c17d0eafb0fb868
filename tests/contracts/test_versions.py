"""One version of this package, and one of each that it needs, wherever they are stated."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

from yt8m.version import __version__

ROOT = Path(__file__).parents[2]
ENVIRONMENTS = sorted((ROOT / "envs").glob("*.yaml"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
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
    names = {normal(re.match(r"[\w.-]+", entry).group()) for entry in PROJECT["dependencies"]}
    names -= {"snakemake"}  # calls the jobs, from its own environment
    text = path.read_text()
    assert names <= {normal(name) for name in re.findall(r"^      - (\S+)", text, re.M)}


def test_the_environment_has_its_own_pip():
    assert {"pip", "setuptools"} <= pinned("3.11").keys()


def test_the_version_is_stated_in_one_place():
    """What else shows it to people or to programs agrees with it, or takes it from there."""
    assert PROJECT["dynamic"] == ["version"] and "version" not in PROJECT
    assert yaml.safe_load((ROOT / "CITATION.cff").read_text())["version"] == __version__


@pytest.mark.skipif(not (ROOT / "CHANGELOG.md").exists(), reason="there is no CHANGELOG.md")
def test_the_newest_release_in_the_changelog_is_this_version():
    text = (ROOT / "CHANGELOG.md").read_text()
    headings = re.findall(r"^## \[?([^\]\s]+)", text, re.MULTILINE)
    assert next(h for h in headings if h != "Unreleased") == __version__


def test_examples_that_name_a_release_name_this_one():
    pages = [ROOT / "README.md", ROOT / "config/README.md", *(ROOT / "docs").rglob("*.md")]
    text = "\n".join(page.read_text() for page in pages)
    assert set(re.findall(r"[@\"]v(\d+\.\d+\.\d+)\b", text)) == {__version__}
