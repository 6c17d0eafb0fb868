"""The workflow as parsed by Snakemake: rules, and the jobs of a run, as plain data.

A separate program, `python -m tests.workflow.parsed SNAKEFILE rules` (or `jobs`), in a folder
with `config.yaml`: reading rules changes the state of the process.
"""

import contextlib
import functools
import inspect
import io
import json
import subprocess
import sys
from itertools import product
from pathlib import Path
from types import SimpleNamespace

from tests.workflow.project import ROOT, Project


def parsed_rules(project: Project) -> dict[str, dict]:
    """Name -> directives of every rule of a project's checkout.

    message, shell: texts, or None. script: its name, or None. log, benchmark, software: whether
    there is one.
    code: the modules that its `code` param counts. until: the target to ask for in place of
    `--until` with this rule, or None.
    """
    return _parsed(project, "rules")


def parsed_jobs(project: Project) -> list[dict]:
    """All jobs behind the target `all` of a finished run.

    rule; ensemble: that it makes or asks for, or None; waits_for: ensembles whose fingerprints its
    inputs waited for; behind: ensembles that its inputs are made from, at whatever distance.
    """
    return _parsed(project, "jobs")


@functools.cache
def _parsed(project: Project, what: str):
    snakefile = str(project.checkout / "Snakefile")
    command = [sys.executable, "-m", "tests.workflow.parsed", snakefile, what]
    environment = {**project.environment(), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        command, cwd=project.folder, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


def main(snakefile: str, what: str) -> None:
    """Print what the functions above return."""
    if what == "rules":
        _name_modules_in_place_of_digests()
    from snakemake.api import ConfigSettings, OutputSettings, ResourceSettings, SnakemakeApi

    quiet = contextlib.redirect_stdout(io.StringIO())
    with SnakemakeApi(OutputSettings(quiet={"all"})) as api, quiet:
        workflow_api = api.workflow(
            resource_settings=ResourceSettings(cores=1),
            config_settings=ConfigSettings(configfiles=[Path("config.yaml")]),
            snakefile=Path(snakefile),
        )
        if what == "jobs":
            workflow_api.dag().printrulegraph()
        workflow = workflow_api._workflow
    names = workflow.globals
    if what == "rules":  # no member is chosen yet
        names["choice_of"] = names["plan"].candidates
    rules = {r.name: _rule(r, names) for r in workflow.rules} if what == "rules" else None
    print(json.dumps(rules or _jobs(workflow)))


def _name_modules_in_place_of_digests() -> None:
    """So that a `code` param says what it counts."""
    from yt8m import sources
    from yt8m.workflow import code

    sources.digest_of = code.digest_of = lambda *modules: " ".join(modules)
    code.digest_of_program = lambda text: " ".join(code.modules_of(text))


def _rule(rule, names) -> dict:
    return {
        "message": rule.message,
        "shell": rule.shellcmd,
        "script": rule.script and Path(rule.script).stem.partition("-")[2],
        "log": bool(rule.log),
        "benchmark": rule.benchmark is not None,
        "software": rule.conda_env is not None,
        "code": sorted(_code(rule.params.get("code"), names["experiment"])),
        "until": names["target_with"](rule) if names["waits_for_an_ensemble"](rule) else None,
    }


def _code(param, experiment) -> set[str]:
    """Modules for all models and ensembles, if they differ."""
    if not callable(param):
        return set((param or "").split())
    pairs = product(experiment.models, experiment.ensembles)
    wildcards = [SimpleNamespace(model=m, ensemble=e) for m, e in pairs]
    return {module for each in wildcards for module in param(each).split()}


def _input_function(item):
    """The function behind an input in Snakemake; None if it is a plain path."""
    while not inspect.isfunction(item):
        item = getattr(item, "callable", None) or getattr(item, "_file", None)
        if item is None or (isinstance(item, str) and not hasattr(item, "callable")):
            return None
    return item


def _jobs(workflow) -> list[dict]:
    names, dag = workflow.globals, workflow.dag
    behind: dict = {}

    def made_from(job) -> set[str]:
        if job not in behind:
            behind[job] = set()
            for before in dag.dependencies[job]:
                behind[job] |= made_from(before)
                if before.rule.name in ("ensemble", "import_ensemble"):
                    behind[job].add(before.wildcards.ensemble)
        return behind[job]

    return [
        {
            "rule": job.rule.name,
            "ensemble": job.wildcards.get("ensemble"),
            "waits_for": sorted(_waits_for(job, names)),
            "behind": sorted(made_from(job)),
        }
        for job in dag.jobs
    ]


def _waits_for(job, names) -> set[str]:
    found = set()
    for item in job.rule.input:
        function = _input_function(item)
        if hasattr(function, "waits_for"):
            whom = names["by_name"](function.waits_for, job.wildcards)
            found |= {whom} if isinstance(whom, str) else set(whom)
    return found


if __name__ == "__main__":
    main(*sys.argv[1:])
