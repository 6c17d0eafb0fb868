"""The experiment, the environment of jobs, and what turns the plan's functions into Snakemake's."""

import functools
import inspect
import os
import shlex
import sys
from importlib.util import find_spec
from pathlib import Path

# The checkout that these rules belong to; none where Snakemake reads them from a remote source.
# Then planning and jobs use the library that is installed.
CHECKOUT = None
if isinstance(workflow.current_basedir, os.PathLike):
    CHECKOUT = Path(workflow.current_basedir).parent.parent
    sys.path.insert(0, str(CHECKOUT))
elif find_spec("yt8m") is None:
    raise WorkflowError(
        f"{workflow.current_basedir}: these rules come from a repository and bring no library along. "
        'Install that of the same version: pip install "git+<the repository>@<the version>"'
    )

from yt8m.config.experiment import read_experiment
from yt8m.config.references import NAME
from yt8m.config.yaml_files import read_yaml
from yt8m.errors import Yt8mError
from yt8m.interrupts import insist_on_ending
from yt8m.parent import announce_run
from yt8m.paths import check_checkout
from yt8m.serving.importing import imported_folders
from yt8m.sources import digest_of
from yt8m.workflow.code import Code, script_at, undated_script
from yt8m.workflow.entries import Entries
from yt8m.workflow.flags import Flags
from yt8m.workflow.input_files import InputFiles
from yt8m.workflow.layout import Layout, digest_beside, ensemble_files, metric_files
from yt8m.workflow.plan import Plan
from yt8m.workflow.record_files import Undated
from yt8m.workflow.targets import Targets

# Jobs call the library of this checkout, also from an environment that has only its dependencies,
# and from a working directory with a library of its own (PYTHONSAFEPATH).
# Braces twice: the prefix is filled in like any command.
# The shell outlives what asks the whole process group to end, until its command has saved its state.
# Large arrays in large pages (glibc's tunable): most of what a step asks memory for is new to it.
QUOTED = shlex.quote(str(CHECKOUT)).replace("{", "{{").replace("}", "}}")
LIBRARY = f"PYTHONPATH={QUOTED}${{{{PYTHONPATH:+:$PYTHONPATH}}}} " if CHECKOUT else ""

shell.prefix(
    f"trap : HUP TERM; export PYTHONSAFEPATH=1 {LIBRARY}"
    "GLIBC_TUNABLES=${{GLIBC_TUNABLES:-glibc.malloc.hugetlb=1}}; "
)

# Jobs end with the process that starts them, and that one ends when it is asked to.
announce_run()
if workflow.is_main_process:
    insist_on_ending(
        is_local=lambda: workflow.local_exec,
        unlock=lambda: workflow.scheduler and workflow.persistence.unlock(),
    )

try:
    if CHECKOUT:
        check_checkout(CHECKOUT)
    if workflow.modifier.is_main_snakefile():  # not a module of another workflow
        for file in workflow.configfiles:
            read_yaml(file)
    experiment = read_experiment(config)
    imported_folders(experiment)
except Yt8mError as error:
    raise WorkflowError(f"config: {error}")

# `layout` and `plan` for inputs and outputs; commands are told the real folder.
layout = Layout("<results>")
real = Layout(experiment.results)
plan = Plan(experiment, layout)
targets = Targets(plan)
flags = Flags(Plan(experiment, real))
entries = Entries(plan)
input_files = InputFiles(experiment)


pathvars:
    results=real.root,
    logs=f"{real.root}/logs",
    benchmarks=f"{real.root}/benchmarks",


wildcard_constraints:
    split=NAME,
    model=NAME,
    ensemble=NAME,
    teacher=NAME,
    stage="trained|ema|quantised",
    part="(trained/|ema/)?",
    shard="[0-9]{5}",
    shards="[0-9]{5}",


def by_name(what, wildcards, **more):
    """`what` with its names filled in: a function of names or a pattern; lists are as they are.

    more: other values that a function may ask for.
    """
    if callable(what):
        names = inspect.signature(what).parameters
        return what(**{n: more[n] if n in more else getattr(wildcards, n) for n in names})
    if isinstance(what, str):
        return type(what)(what.format(**wildcards))
    return what


def dated(paths):
    """The same paths as Snakemake wants them: the date of some of them says nothing."""
    if isinstance(paths, dict):
        return {name: dated(path) for name, path in paths.items()}
    if isinstance(paths, str):
        return ancient(str(paths)) if isinstance(paths, Undated) else paths
    return [dated(path) for path in paths]


def param(function):
    """Params function, by the names that `function` takes; another value makes jobs run again.

    Not so where it takes `input`: that is compared already.
    """
    if "input" in inspect.signature(function).parameters:
        return lambda wildcards, input: by_name(function, wildcards, input=input)
    return lambda wildcards: by_name(function, wildcards)


def aside(function):
    """The same for what lets a job pass or not, and shapes nothing: no reason to run again."""
    return lambda wildcards, resources: by_name(
        function, wildcards
    )  # so Snakemake tells them apart


def code_of(*modules):
    """Digest of the library's sources that a step imports; comments do not count."""
    return digest_of(*modules)


def model_code(*modules):
    """Params function: the same with the recipe of a {model}."""
    return param(lambda model: Code(experiment).of_model(modules, model))


def stored_model_code(*modules):
    """The same with the quantiser of a {model} too."""
    return param(lambda model: Code(experiment).of_stored_model(modules, model))


def quantiser_code(*modules):
    """The same with that alone."""
    return param(lambda model: Code(experiment).of_quantiser(modules, model))


def ensemble_code(*modules):
    """The same with all that the members of an {ensemble} name."""
    return param(lambda ensemble: Code(experiment).of_ensemble(modules, ensemble))


@functools.cache  # jobs ask again, when Snakemake knows no more where it was
def script_file(name):
    """One of workflow/scripts: its `code`, and its `path` for a rule."""
    place = f"../scripts/{name}.py"
    text = Path(workflow.source_path(place)).read_text()
    if CHECKOUT:
        return undated_script(f"{name}.py", text)
    # A remote file has no date. Snakemake 9 joins no relative path to one in a local git repository.
    uri = workflow.current_basedir.join(place).get_path_or_uri(secret_free=True)
    return script_at(uri if uri.startswith("git+file:") else place, text)


def need(step, resource):
    """What one kind of step takes of a resource."""
    return getattr(getattr(experiment.resources, step), resource)


def job(step):
    """Resources of one kind of step; its run time is twice as long with each retry."""

    def runtime(wildcards, attempt):
        return need(step, "runtime") * 2 ** (attempt - 1)

    words = ["gpu", "mem_mb", *(["state_seconds"] if step == "train" else [])]
    return {word: need(step, word) for word in words} | {"runtime": runtime}
