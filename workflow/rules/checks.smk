"""Checks of the command line and of the results folder that no rule can make."""

# Included last: needs all rules.

import sys
import time

from snakemake.cli import get_argument_parser
from snakemake.io import IOFile
from snakemake.persistence.db import DbPersistence
from snakemake.persistence.file import FilePersistence
from snakemake.settings.enums import PersistenceBackend

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

    def is_made_here(name):
        return any(r.is_producer(name) for r in workflow.rules)

    def params_of(name):
        return records.metadata(IOFile(name)).params or ()

    cut_off = records._filter_incomplete_keys
    return Notes(str(records.path), date_of, cut_off, is_made_here, params_of)


# Rules whose jobs wait for an ensemble's fingerprint -> the target that ends with them.
BEHIND_AN_ENSEMBLE = {
    **dict.fromkeys(["distil", "distil_rest", "distilled_manifest"], "distillation"),
    **dict.fromkeys(["evaluate_ensemble", "size", "archive"], "final"),
    **dict.fromkeys(["predict", "submit"], "submission"),
    **dict.fromkeys(["provenance", "report"], real.report),
}


def words_after(*options):
    """Yield the values that the command line gives to one of these options."""
    option = ""
    for word in sys.argv[1:]:
        option, _, value = word.partition("=") if word.startswith("-") else (option, "", word)
        if option in options and value:
            yield value


def refuse_until():
    """Refuse `--until` with rules whose jobs are planned later, where it would have no effect."""
    renamed = workflow.modifier.modify_rulename  # by a workflow that uses this one as a module
    behind = {renamed(rule): target for rule, target in BEHIND_AN_ENSEMBLE.items()}
    for name in words_after("--until", "-U"):
        target = behind.get(name)
        if target:
            target = target if target == real.report else renamed(target)
            raise WorkflowError(
                f"--until {name}: would have no effect, because jobs of this rule are planned only "
                f"after an ensemble has been made. Name a target instead: snakemake {target}"
            )


def takes_results_as_they_are():
    """Whether --touch or --unlock is given, in any form that Snakemake accepts (`-tF`, `--tou`)."""
    options, _ = get_argument_parser().parse_known_args(sys.argv[1:])
    return options.touch or options.unlock


if workflow.is_main_process:
    refuse_until()
    try:
        for split in [] if experiment.dataset.source.makes_shards else plan.splits:
            input_files.shards(split)
        if not takes_results_as_they_are():
            check_results(real.root, snakemakes_notes(), time.time())
    except Yt8mError as error:
        raise WorkflowError(str(error))
