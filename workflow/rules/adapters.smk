"""Adapters from functions of the library to the functions of inputs, params and resources."""

import functools
import inspect

from yt8m.sources import digest_of
from yt8m.workflow.nodes import resources_on


def by_name(what, wildcards, **more):
    """Fill in the names of `what`: a function of names or a pattern; lists are taken as they are.

    more: other values that a function may take.
    """
    if callable(what):
        names = inspect.signature(what).parameters
        return what(**{n: more[n] if n in more else getattr(wildcards, n) for n in names})
    if isinstance(what, str):
        return type(what)(what.format(**wildcards))
    return what


def dated(paths):
    """Mark the paths whose modification time is to be ignored as `ancient`."""
    if isinstance(paths, dict):
        return {name: dated(path) for name, path in paths.items()}
    if isinstance(paths, str):
        return ancient(str(paths)) if isinstance(paths, Undated) else paths
    return [dated(path) for path in paths]


def tracked(function):
    """Params function that passes `function` the wildcards it names; a changed value reruns jobs.

    Except if it takes `input`, which Snakemake compares already.
    """
    if "input" in inspect.signature(function).parameters:
        return lambda wildcards, input: by_name(function, wildcards, input=input)
    return lambda wildcards: by_name(function, wildcards)


def untracked(function):
    """The same for values that jobs only check and that do not affect outputs: never rerun."""
    # Snakemake does not compare params that are functions of `resources`.
    return lambda wildcards, resources: by_name(function, wildcards)


def with_recipes(digest):
    """Function of modules that gives a params function: their digest, by a method of `Code`."""

    def code_with_recipes(*modules):
        return tracked(functools.partial(digest, modules))

    return code_with_recipes


# For the param `code`: digests of the modules that a step imports, as far as they can change
# results; all but the first include the recipes that the step builds by name.
code_of = digest_of
stored_model_code = with_recipes(code.of_stored_model)
quantiser_code = with_recipes(code.of_quantiser)
points_code = with_recipes(code.of_points)
ensemble_code = with_recipes(code.of_ensemble)


def waiting_jobs(step):
    """Wildcards of the jobs of a step that are to run, could begin, and have not.

    On a cluster none is known: a node plans its own job alone.
    """
    name = workflow.modifier.modify_rulename(step)  # by a workflow that uses this one as a module
    jobs = workflow.dag.ready_jobs if workflow.dag else ()
    return [job.wildcards for job in jobs if not job.is_group() and job.rule.name == name]


def together(step):
    """Params function: options that make a job also train models whose jobs wait for a free place.

    As `untracked`, it never reruns a job.
    """

    def options(wildcards, resources):
        return flags.together(step, wildcards.model, {w.model for w in waiting_jobs(step)})

    return options


def evaluated_together(wildcards, resources):
    """Params function: the same for the evaluation of models on a split."""
    split = wildcards.split
    waiting = {(w.model, w.stage) for w in waiting_jobs("evaluate") if w.split == split}
    return flags.evaluated_together(wildcards.model, wildcards.stage, split, waiting)


def need(step, resource):
    """How much of a resource one kind of step requests."""
    return getattr(getattr(experiment.resources, step), resource)


def job(step):
    """Resources of one kind of step; the run time doubles with each retry."""

    def runtime(wildcards, attempt):
        return need(step, "runtime") * 2 ** (attempt - 1)

    names = ["gpu", "mem_mb", *(["state_seconds"] if step == "train" else [])]
    several = resources_on(experiment.resources.train) if step == "train" else {}
    return {name: need(step, name) for name in names} | {"runtime": runtime} | several
