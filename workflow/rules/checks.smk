"""States of the results folder in which nothing would tell what is out of date."""

# Comes after all rules, which say what is made here.

import sys
import time
from datetime import datetime

from snakemake.cli import get_argument_parser
from snakemake.io import IOFile
from snakemake.persistence.db import DbPersistence
from snakemake.persistence.file import FilePersistence
from snakemake.settings.enums import PersistenceBackend

# Clocks of file servers may differ by a little.
SECONDS_AHEAD = 60
MADE_IN = ["data", "models", "ensembles", "distillation", "predictions"]


def files_in_results():
    """All but logs, benchmarks and states, as the rules spell them."""
    results = Path(RESULTS)
    below = (file for folder in MADE_IN for file in (results / folder).rglob("*"))
    files = [file for file in (*results.glob("*.*"), *below) if file.is_file()]
    return [f"{RESULTS}/{file.relative_to(results)}" for file in files]


def snakemakes_records():
    """Snakemake's notes on how each file was made; it opens them itself only when it plans."""
    settings = workflow.workflow_settings
    if settings.persistence_backend == PersistenceBackend.DB:
        return DbPersistence(db_url=settings.persistence_backend_db_url)
    return FilePersistence()


def refuse_results_without_records(found):
    """A file without a record would be judged by its date: a changed setting would go unnoticed.

    Those of jobs that were cut off have none yet, but are marked, and made again.
    """
    records = snakemakes_records()
    unknown = [name for name in found if records.metadata(IOFile(name)) is None]
    cut_off = records._filter_incomplete_keys(unknown)
    for name in unknown:
        if name not in cut_off and any(r.is_producer(name) for r in workflow.rules):
            raise WorkflowError(
                f"{name}: is there, but Snakemake's record of how it was made is not (in "
                f"{records.path}), so changes would go unnoticed. Bring the records back; or move "
                f"what has none out of {RESULTS}/, and it is made again; or, if you know that all of "
                "it fits the config and the code, take it as it is: snakemake --touch --forceall, "
                "and the config that this run was given"
            )


def refuse_dates_in_the_future(found):
    """What is dated in the future looks newer than all that changes from now on."""
    latest = time.time() + SECONDS_AHEAD
    for name in found:
        date = Path(name).lstat().st_mtime
        if date > latest:
            raise WorkflowError(
                f"{name}: is dated {datetime.fromtimestamp(date):%Y-%m-%d %H:%M:%S}, in the future, so "
                "changes would go unnoticed. Set this machine's clock right if it is wrong; if not, give "
                f"such files an old date: find {RESULTS} -newermt now -exec touch -d 2000-01-01 {{}} +"
            )


def takes_results_as_they_are():
    """Whether the command line says so, in whatever spelling (`-tF`, `--tou`)."""
    options, _ = get_argument_parser().parse_known_args(sys.argv[1:])
    return options.touch or options.unlock


if workflow.is_main_process and not takes_results_as_they_are():
    found = files_in_results()
    refuse_results_without_records(found)
    refuse_dates_in_the_future(found)
