"""The automation in .github: valid, pinned, and calling what exists."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
GITHUB = ROOT / ".github"
WORKFLOWS = sorted(GITHUB.glob("workflows/*.yml"))
ACTIONS = sorted(GITHUB.glob("actions/*/action.yml"))
FORMS = sorted(set(GITHUB.glob("ISSUE_TEMPLATE/*.yml")) - {GITHUB / "ISSUE_TEMPLATE/config.yml"})
MAKEFILE = (ROOT / "Makefile").read_text()
FILES = {
    "github-workflows": WORKFLOWS,
    "github-actions": ACTIONS,
    "github-issue-forms": FORMS,
    "github-issue-config": [GITHUB / "ISSUE_TEMPLATE/config.yml"],
    "dependabot": [GITHUB / "dependabot.yml"],
    "citation-file-format": [ROOT / "CITATION.cff"],
}
"""Schemas that check-jsonschema brings along, and the files that follow them."""


def run(*command) -> str:
    """What a command prints; AssertionError with it if the command fails."""
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("schema", FILES)
def test_files_that_others_read_follow_their_schemas(schema):
    assert FILES[schema]
    named = ("--default-filetype", "yaml", "--builtin-schema", f"vendor.{schema}")
    run(sys.executable, "-m", "check_jsonschema", *named, *FILES[schema])


@pytest.mark.skipif(not shutil.which("actionlint"), reason="actionlint is not installed")
def test_actionlint_finds_nothing():
    run("actionlint", *WORKFLOWS)


@pytest.mark.parametrize("path", WORKFLOWS + ACTIONS, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_actions_of_others_are_pinned_to_a_commit_and_say_its_version(path):
    used = re.findall(r"uses: (.*)", path.read_text())
    assert used
    for action in used:
        if action.startswith("./"):
            assert (ROOT / action / "action.yml").is_file(), action
        else:
            assert re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", action), action


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda p: p.name)
def test_a_workflow_may_only_read_unless_a_job_says_why(path):
    workflow = yaml.safe_load(path.read_text())
    assert workflow["permissions"] == {"contents": "read"}
    for line in re.findall(r"^ +[\w-]+: write.*", path.read_text(), re.M):
        assert re.search(r" # \w", line), line


def commands() -> list[str]:
    """All lines of all `run` entries."""
    found = []
    for path in WORKFLOWS + ACTIONS:
        content = yaml.safe_load(path.read_text())
        jobs = content["jobs"].values() if "jobs" in content else [content["runs"]]
        found += [line for job in jobs for step in job["steps"] for line in _lines(step)]
    return found


def _lines(step: dict) -> list[str]:
    return step.get("run", "").splitlines()


def test_workflows_call_targets_and_programs_that_exist():
    made = {m[1] for line in commands() if (m := re.match(r"make ([\w./-]+)", line))}
    assert {"lint", "test-fast", "demo", "soak", "docs"} <= made
    for target in sorted(made):
        assert re.search(rf"^{target.replace('.venv', '[$].VENV.')}:", MAKEFILE, re.M), target
        run("make", "--dry-run", target)
    for program in re.findall(r"(?<!\S)\.ci/\w+(?:\.py)?", "\n".join(commands())):
        assert (ROOT / program).is_file(), program


def test_lint_and_tests_run_on_each_change_and_everything_at_night():
    each, nightly = (
        {name: yaml.safe_load((GITHUB / f"workflows/{name}.yml").read_text()) for name in names}
        for names in (("lint", "tests", "docs"), ("nightly",))
    )
    for workflow in each.values():
        assert set(workflow[True]) == {"push", "pull_request"}  # YAML 1.1 reads `on` as true
    (night,) = nightly.values()
    assert "schedule" in night[True]
    assert any(step.get("run") == ".ci/run" for step in night["jobs"]["everything"]["steps"])


def test_fast_tests_are_all_but_those_that_run_the_workflow():
    collect = (sys.executable, "-m", "pytest", "--collect-only", "-q", "-n", "0", "-m", "not slow")
    here = "tests/project/test_releases.py"
    found = run(
        *collect, "-p", "no:cacheprovider", here, "tests/workflow/test_flags.py", "tests/slurm"
    )
    assert here in found and "tests/workflow" not in found and "tests/slurm" not in found
