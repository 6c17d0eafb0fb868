"""The environment of jobs, the experiment, and the plan of its files."""

import functools
import os
import shlex
import sys
from importlib.util import find_spec
from pathlib import Path

# The checkout that these rules belong to; None if Snakemake reads them from a remote source. Then
# planning uses the installed library, and so do jobs.
CHECKOUT = None
if isinstance(workflow.current_basedir, os.PathLike):
    CHECKOUT = Path(workflow.current_basedir).parent.parent
    sys.path.insert(0, str(CHECKOUT))
elif find_spec("yt8m") is None:
    raise WorkflowError(
        f"{workflow.current_basedir}: these rules were read from a repository, but the library yt8m "
        'is not installed. Install the same version: pip install "git+<repository>@<version>"'
    )

from yt8m.choosing.choice import read_choice
from yt8m.config.experiment import read_experiment
from yt8m.config.yaml_files import read_yaml
from yt8m.errors import Yt8mError
from yt8m.interrupts import insist_on_ending
from yt8m.names import NAME
from yt8m.parent import announce_run
from yt8m.paths import check_checkout
from yt8m.serving.importing import imported_folders
from yt8m.source_facts import remember_in
from yt8m.workflow.code import Code, library_alone, script_at, undated_script
from yt8m.workflow.entries import Entries
from yt8m.workflow.flags import Flags
from yt8m.workflow.input_files import InputFiles
from yt8m.workflow.layout import (
    Layout,
    digest_beside,
    ensemble_files,
    evaluated_part,
    metric_files,
)
from yt8m.workflow.plan import Plan
from yt8m.workflow.planning_files import planning_file
from yt8m.workflow.record_files import Undated
from yt8m.workflow.targets import Targets

# Jobs import the library that planning uses, even if their environment has only its dependencies or
# the working directory has a library of its own (PYTHONSAFEPATH).
# Doubled braces, because Snakemake formats the prefix like any command.
# The shell ignores signals to the whole process group, so that its command can save its state.
# Large pages for large arrays (a tunable of glibc): most memory that a step allocates is fresh.
LIBRARY = shlex.quote(str(CHECKOUT or library_alone())).replace("{", "{{").replace("}", "}}")

shell.prefix(
    f"trap : HUP TERM; export PYTHONSAFEPATH=1 PYTHONPATH={LIBRARY}${{{{PYTHONPATH:+:$PYTHONPATH}}}} "
    "GLIBC_TUNABLES=${{GLIBC_TUNABLES:-glibc.malloc.hugetlb=1}}; "
)

# Jobs end when the process that started them ends, and that process ends when asked to.
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
    imported_folders(experiment, Layout(experiment.results).ensemble)
except Yt8mError as error:
    raise WorkflowError(f"config: {error}")

remember_in(planning_file("code.json"))

# `layout` and `plan` are for inputs and outputs; commands get the real folder: `real`, `real_plan`.
layout = Layout("<results>")
real = Layout(experiment.results)
plan = Plan(experiment, layout, lambda ensemble: choice_of(ensemble))
real_plan = Plan(experiment, real, lambda ensemble: choice_of(ensemble))
if workflow.modifier.path_modifier.replace_prefix(real.run) != real.run:
    raise WorkflowError("a module's `prefix` does not reach its commands; set `results` instead")
targets = Targets(plan)
flags = Flags(real_plan)
entries = Entries(plan)
input_files = InputFiles(experiment)
code = Code(plan)


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


@functools.cache  # jobs call it again, when Snakemake no longer knows the including file
def script_file(name):
    """A file of workflow/scripts: its `code` digest, and its `path` for a rule."""
    place = f"../scripts/{name}.py"
    text = Path(workflow.source_path(place)).read_text()
    if CHECKOUT:
        return undated_script(f"{name}.py", text)
    # Remote files have no modification time. Snakemake 9 cannot resolve a relative path in a local
    # git repository, so it gets the whole address.
    uri = workflow.current_basedir.join(place).get_path_or_uri(secret_free=True)
    return script_at(uri if uri.startswith("git+file:") else place, text)
