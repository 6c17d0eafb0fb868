"""Checks of the command line and of the results folder that no rule can make."""

# Included last: needs all rules.

import inspect
import sys
import time

from snakemake.cli import get_argument_parser
from snakemake.io import IOFile
from snakemake.persistence.db import DbPersistence
from snakemake.persistence.file import FilePersistence
from snakemake.settings.enums import PersistenceBackend

from yt8m.describing.schedule_check import schedule_warnings
from yt8m.guard import Notes, check_results


def snakemakes_records():
    """Snakemake's records of how each file was made; Snakemake itself opens them only to plan."""
    settings = workflow.workflow_settings
    if settings.persistence_backend == PersistenceBackend.DB:
        return DbPersistence(db_url=settings.persistence_backend_db_url)
    return FilePersistence()


def snakemakes_notes():
    """The same records, in the form that the library takes."""
    records = snakemakes_records()

    def date_of(name):
        found = records.metadata(IOFile(name))
        return None if found is None else found.endtime or 0.0

    def rules_of(name):
        return [rule.name for rule in workflow.rules if rule.is_producer(name)]

    def params_of(name):
        return records.metadata(IOFile(name)).params or ()

    def is_locked():
        return any(True for _ in records._read_locks())

    cut_off = records._filter_incomplete_keys
    return Notes(str(records.path), date_of, cut_off, rules_of, params_of, is_locked)


def waits_for_an_ensemble(rule):
    """Whether all jobs of a rule wait for an ensemble that one of its inputs gets by `after`."""
    items = [getattr(item, "_file", item) for item in rule.input]
    functions = [getattr(item, "callable", item) for item in items]  # some are inside `unpack`
    waits = [getattr(function, "waits_for", NOBODY) for function in functions]
    return bool(rule.output) and any(always_somebody(whom, rule) for whom in waits)


def always_somebody(whom, rule):
    """Whether `whom` names an ensemble to wait for, whichever the rule's own ensemble is."""
    if not callable(whom):
        return bool(whom)
    ensembles = rule.wildcard_constraints.get("ensemble")
    takes_one = [*inspect.signature(whom).parameters] == ["ensemble"]
    return takes_one and bool(ensembles) and all(map(whom, ensembles.split("|")))


def target_with(rule):
    """A target that needs files of a rule."""
    made = Targets(real_plan)
    parts = {
        "distillation": made.soft_labels(),
        "frontier": made.frontier,
        "comparison": [*real.side_by_side.values()],
        "final": made.final_files,
        "submission": made.predictions,
    }
    renamed = workflow.modifier.modify_rulename  # by a workflow that uses this one as a module
    found = (renamed(part) for part in parts if any(map(rule.is_producer, parts[part])))
    plans = filter(rule.is_producer, map(real.plan, plan.compressed))
    return next(found, next(plans, real.report))


def refuse_until(until):
    """Refuse `--until` with rules whose jobs are planned later, where it would have no effect.

    until: names of rules, or files.
    """
    for name in until:
        meant = (r for r in workflow.rules if r.name == name or r.is_producer(name))
        for found in filter(waits_for_an_ensemble, meant):
            raise WorkflowError(
                f"--until {name}: would have no effect, because jobs of this rule are planned only "
                "after an ensemble has been made. Name a target instead: snakemake "
                f"{target_with(found)}"
            )


if workflow.is_main_process:
    # The command line, in any form that Snakemake accepts (`-tF`, `--tou`).
    options, _ = get_argument_parser().parse_known_args(sys.argv[1:])
    refuse_until(options.until)
    try:
        for ensemble in [] if options.unlock else plan.chosen:
            if os.path.exists(real.choice(ensemble)):
                read_choice(real.choice(ensemble), ensemble)
        input_files.check(real_plan)
        if not (options.touch or options.unlock):
            check_results(real.root, snakemakes_notes(), time.time())
    except Yt8mError as error:
        raise WorkflowError(str(error))
    if plan.arrays and not (options.touch or options.unlock):
        warnings = (f"warning: {text}" for text in plan.arrays.warnings(plan.train))
        print(plan.arrays.summary(), *warnings, sep="\n", file=sys.stderr)
    if not (options.touch or options.unlock):
        for text in schedule_warnings(experiment):
            print(f"warning: {text}", file=sys.stderr)
