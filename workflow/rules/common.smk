"""What the rules look up: the experiment, names of files, and who waits for which fingerprint."""

import json
import shlex
from pathlib import Path

from yt8m.artefacts import GRAPH_FILES
from yt8m.config.experiment import read_experiment, whole_entry
from yt8m.paths import check_checkout
from yt8m.config.references import NAME
from yt8m.config.yaml_files import read_yaml
from yt8m.errors import Yt8mError
from yt8m.interrupts import insist_on_ending
from yt8m.parent import announce_run
from yt8m.recipes import as_entry, recipe_modules
from yt8m.serving.adoption import ready_folders
from yt8m.sources import digest_of

CHECKOUT = Path(workflow.current_basedir).parent.parent

# Rules call the library of this checkout, also from an environment that has only its dependencies,
# and from a working directory with a library of its own (PYTHONSAFEPATH).
# Braces twice: the prefix is filled in like any command.
# The shell outlives what asks the whole process group to end, until its command has saved its state.
# Large arrays in large pages (glibc's tunable): most of what a step asks memory for is new to it.
QUOTED_CHECKOUT = shlex.quote(str(CHECKOUT)).replace("{", "{{").replace("}", "}}")

shell.prefix(
    "trap : HUP TERM; "
    f"export PYTHONSAFEPATH=1 PYTHONPATH={QUOTED_CHECKOUT}${{{{PYTHONPATH:+:$PYTHONPATH}}}} "
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
    check_checkout(CHECKOUT)
    if Path(workflow.main_snakefile).parent == CHECKOUT:  # not as a module of another workflow
        for file in workflow.configfiles:
            read_yaml(file)
    experiment = read_experiment(config)
    READY = ready_folders(experiment)
except Yt8mError as error:
    raise WorkflowError(f"config: {error}")

RESULTS = experiment.results


pathvars:
    results=RESULTS,
    logs=f"{RESULTS}/logs",
    benchmarks=f"{RESULTS}/benchmarks",


wildcard_constraints:
    split=NAME,
    model=NAME,
    ensemble=NAME,
    teacher=NAME,
    stage="trained|ema|quantised",
    part="(trained/|ema/)?",
    shard="[0-9]{5}",
    shards="[0-9]{5}",


def as_json(value):
    return json.dumps(value, sort_keys=True)


def literally(text):
    """Params function: a user's text, whose { } are not Snakemake's."""

    def as_it_is(wildcards):
        return text

    return as_it_is


def literal_json(value):
    """The same of a value as JSON."""
    return literally(as_json(value))


def code_of(*modules):
    """Digest of the library's sources that a step imports; comments do not count."""
    return digest_of(*modules)


def need(step, resource):
    """gpu, threads, mem_mb and the like of one kind of step."""
    return getattr(getattr(experiment.resources, step), resource)


def minutes(step):
    """Resource function: run time of one kind of step, twice as long with each retry."""

    def runtime(wildcards, attempt):
        return need(step, "runtime") * 2 ** (attempt - 1)

    return runtime
