"""What the rules look up: the experiment, names of files, and who waits for which fingerprint."""

import json
from pathlib import Path

from yt8m.config.experiment import model_entry, read_experiment
from yt8m.errors import ConfigError
from yt8m.recipes import as_entry, recipe_modules
from yt8m.sources import digest_of

CHECKOUT = Path(workflow.current_basedir).parent.parent

# Rules call the library of this checkout, also from an environment that has only its dependencies.
shell.prefix(f"export PYTHONPATH={CHECKOUT}:${{{{PYTHONPATH:-}}}}; ")

try:
    experiment = read_experiment(config)
except ConfigError as error:
    raise WorkflowError(f"config: {error}")

RESULTS = experiment.results


pathvars:
    results=RESULTS,
    logs=f"{RESULTS}/logs",
    benchmarks=f"{RESULTS}/benchmarks",


wildcard_constraints:
    split="[A-Za-z][A-Za-z0-9_]*",
    model="[A-Za-z][A-Za-z0-9_]*",
    ensemble="[A-Za-z][A-Za-z0-9_]*",
    teacher="[A-Za-z][A-Za-z0-9_]*",
    stage="trained|ema|quantised",
    shard="[0-9]{5}",
    shards="[0-9]{5}",


# What this run makes.

MODELS = experiment.made_models()
ENSEMBLES = experiment.made_ensembles()
TEACHERS = experiment.teachers()
STAGES = ["trained", "ema", "quantised"]
SPLITS = sorted({experiment.run.train, *experiment.run.evaluate, *experiment.run.predict})
MANIFESTS = expand("<results>/data/{split}.json", split=SPLITS)
TEACHER_MEMBERS = [
    f"<results>/models/{member}/{ENSEMBLES[teacher].stage}/weights.safetensors"
    for teacher in TEACHERS
    for member in ENSEMBLES[teacher].members
]
STUDENTS = [
    f"<results>/models/{name}/quantised/weights.safetensors"
    for name, model in MODELS.items()
    if model.teacher
]
FINAL_FILES = [
    f"<results>/ensembles/{experiment.run.final}/{name}"
    for name in ["size.json", f"{experiment.run.final}.tar.gz"]
    + [f"metrics.{split}.json" for split in experiment.run.evaluate]
]
PREDICTIONS = expand(
    "<results>/predictions/{ensemble}/{split}.{ending}",
    ensemble=experiment.run.final,
    split=experiment.run.predict,
    ending=["parquet", "csv"],
)
STAGE_METRICS = expand(
    "<results>/models/{model}/{stage}/metrics.{split}.json",
    model=MODELS,
    stage=STAGES,
    split=experiment.run.evaluate,
)
ENSEMBLE_METRICS = expand(
    "<results>/ensembles/{ensemble}/metrics.{split}.json",
    ensemble=ENSEMBLES,
    split=experiment.run.evaluate,
)


# Who waits for whom. Snakemake decides what to run before the first job starts and never takes it
# back, except for jobs whose inputs waited for a checkpoint: those it plans afresh, and compares
# contents while doing so. Hence every rule behind an ensemble asks for its inputs through `after`
# and the like: an ensemble that comes out the same, however often it is made, changes nothing.


def wait_for(ensembles):
    """Return once the fingerprints of these ensembles are up to date."""
    for ensemble in ensembles:
        checkpoints.fingerprint.get(ensemble=ensemble)


def after(ensemble, *paths):
    """Input function: `paths` (texts or lists of them), once an ensemble's fingerprint is known."""

    def inputs(wildcards):
        wait_for([ensemble])
        return flatten(paths)

    return inputs


def after_all_teachers(paths):
    """Input function: `paths`, once the fingerprints of all teachers are known."""

    def inputs(wildcards):
        wait_for(TEACHERS)
        return paths

    return inputs


def after_own_teacher(path):
    """Input function: `path` of a {model}; a student's, once its teacher's fingerprint is known."""

    def inputs(wildcards):
        wait_for(teachers_of([wildcards.model]))
        return path.format(**wildcards)

    return inputs


def after_own_ensemble(path):
    """Input function: `path` of an {ensemble}, once that ensemble's fingerprint is known."""

    def inputs(wildcards):
        wait_for([wildcards.ensemble])
        return path.format(**wildcards)

    return inputs


def after_teacher(path):
    """Input function: `path` of a {teacher}, once that teacher's fingerprint is known."""

    def inputs(wildcards):
        wait_for([wildcards.teacher])
        return path.format(**wildcards)

    return inputs


def teachers_of(models):
    """Ensembles that some of these models learn from."""
    return sorted({experiment.models[m].teacher for m in models if experiment.models[m].teacher})


# Settings, as JSON with sorted keys: neither comments nor the order of words change them.


def as_json(value):
    return json.dumps(value, sort_keys=True)


def whole_entry(wildcards):
    """Everything that a model's config.json holds."""
    return as_json(model_entry(experiment, wildcards.model))


def entry_words(*words):
    """Params function: these words of a model's config.json, what one stage depends on."""

    def settings(wildcards):
        entry = model_entry(experiment, wildcards.model)
        return as_json({word: entry[word] for word in words})

    return settings


def code_of(*modules):
    """Digest of the library's sources that a step imports; comments do not count."""
    return digest_of(*modules)


def model_code(*modules):
    """Params function: the same, with the sources of a {model}'s recipe."""

    def digest(wildcards):
        recipe = experiment.models[wildcards.model].recipe
        return digest_of(*modules, *recipe_modules(recipe))

    return digest


# Resources, settings of the config.


def need(step, resource):
    """gpu, threads or mem_mb of one kind of step."""
    return getattr(getattr(experiment.resources, step), resource)


def minutes(step):
    """Resource function: run time of one kind of step, twice as long with each retry."""

    def runtime(wildcards, attempt):
        return need(step, "runtime") * 2 ** (attempt - 1)

    return runtime
