"""What the catalogue of Snakemake workflows requires."""

import json
import re
import subprocess
import sys
from functools import cache
from importlib.metadata import packages_distributions, requires

import pytest
import yaml

from tests.workflow.project import ROOT, Project

ENVIRONMENT = yaml.safe_load((ROOT / "envs/yt8m.yaml").read_text())
PACKAGE = re.compile(r"^[\w.-]+")


def test_the_catalogue_finds_its_files():
    """The main file, a config to run it with, and a description of all settings."""
    for name in ("workflow/Snakefile", "config/config.yaml", "config/README.md", "README.md"):
        assert (ROOT / name).is_file(), name


def test_the_catalogue_settings_mention_the_report():
    """Older generators read it in one place, the current documents name another."""
    usage = yaml.safe_load((ROOT / ".snakemake-workflow-catalog.yml").read_text())["usage"]
    assert usage["report"] is True
    assert usage["software-stack-deployment"] == {"conda": True, "report": True}
    assert set(usage["mandatory-flags"]) == {"desc", "flags"}


LINT = """
import json, sys
from snakemake.cli import main

class AtTheFirst:
    before = None

    @classmethod
    def find_spec(cls, name, path, target=None):
        if name == "yt8m" and cls.before is None:
            cls.before = set(sys.modules)

sys.meta_path.insert(0, AtTheFirst)
try:
    main(["--lint", "--snakefile", sys.argv[1], "--configfile", sys.argv[2]])
except SystemExit as ended:
    modules = sorted(set(sys.modules) - AtTheFirst.before)
    print(json.dumps({"code": ended.code or 0, "modules": modules}))
"""


@pytest.fixture(scope="module")
def linted(tmp_path_factory):
    """Exit code of `snakemake --lint` on the main file, and the packages that are imported."""
    project = Project(tmp_path_factory.mktemp("linted"))
    project.write_config()
    command = [sys.executable, "-c", LINT, str(ROOT / "workflow/Snakefile"), "config.yaml"]
    environment = {**project.environment(), "PYTHONPATH": ""}
    done = subprocess.run(
        command, cwd=project.folder, env=environment, capture_output=True, text=True
    )
    return json.loads(done.stdout.splitlines()[-1]), done.stderr


def test_the_main_file_passes_snakemakes_lint(linted):
    assert linted[0]["code"] == 0, linted[1]
    assert "Congratulations" in linted[1]


def test_lint_needs_only_snakemake_and_the_environment_file(linted):
    (pip,) = (d["pip"] for d in ENVIRONMENT["dependencies"] if isinstance(d, dict))
    named = {_normal(PACKAGE.match(package)[0]) for package in pip}
    known = _with_what_they_need({"snakemake", "yt8m", *named})
    origins = packages_distributions()
    modules = {m.partition(".")[0] for m in linted[0]["modules"]} & set(origins)
    assert "yt8m" in modules and "tensorflow" not in modules
    assert {m for m in modules if not known & {_normal(name) for name in origins[m]}} == set()


def _with_what_they_need(packages: set[str]) -> set[str]:
    """Distributions and all that they depend on, extras left out."""
    found, todo = set(), list(packages)
    while todo:
        package = todo.pop()
        if package in found:
            continue
        found.add(package)
        if package == "yt8m":  # what it needs is what the environment's file is to name
            continue
        needed = [line for line in requires(package) or () if "extra ==" not in line]
        todo += [_normal(PACKAGE.match(line)[0]) for line in needed if _is_installed(line)]
    return found


def _is_installed(requirement: str) -> bool:
    return _normal(PACKAGE.match(requirement)[0]) in _installed()


@cache
def _installed() -> set[str]:
    """All distributions: to list them takes a second."""
    return {_normal(n) for names in packages_distributions().values() for n in names}


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
