"""States of the results folder that no rule could tell, and options that would do nothing."""

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
    """Snakemake's notes on how each file was made; it opens them itself only when it plans."""
    settings = workflow.workflow_settings
    if settings.persistence_backend == PersistenceBackend.DB:
        return DbPersistence(db_url=settings.persistence_backend_db_url)
    return FilePersistence()


def snakemakes_notes():
    """The same, as the library asks for them."""
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


# Rules whose jobs wait for an ensemble's fingerprint, and the targets that end with them.
BEHIND_AN_ENSEMBLE = {
    **dict.fromkeys(["distil", "distil_rest", "distilled_manifest"], "distillation"),
    **dict.fromkeys(["evaluate_ensemble", "size", "archive"], "final"),
    **dict.fromkeys(["predict", "submit"], "submission"),
    **dict.fromkeys(["provenance", "report"], real.report),
}


def words_after(*options):
    """The words that the command line gives one of these options."""
    option = ""
    for word in sys.argv[1:]:
        option, _, value = word.partition("=") if word.startswith("-") else (option, "", word)
        if option in options and value:
            yield value


def refuse_until():
    """`--until` ends at rules whose jobs are known from the start, which these are not."""
    for name in words_after("--until", "-U"):
        target = BEHIND_AN_ENSEMBLE.get(name.removeprefix("yt8m_"))
        if target:
            raise WorkflowError(
                f"--until {name}: its jobs are planned once an ensemble is made, so Snakemake would "
                f"find nothing to end at. Name a target instead: snakemake {target}"
            )


def takes_results_as_they_are():
    """Whether the command line says so, in whatever spelling (`-tF`, `--tou`)."""
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
