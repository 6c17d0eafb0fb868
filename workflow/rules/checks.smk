"""States of the results folder in which nothing would tell what is out of date."""

import sys
import time
from datetime import datetime

# Clocks of file servers may differ by a little.
SECONDS_AHEAD = 60


def refuse_results_without_records():
    """Without Snakemake's records only dates would count: a changed setting would go unnoticed."""
    places = ["metadata/*", "incomplete/*", "*.db"]
    known = any(True for place in places for file in Path(".snakemake").glob(place))
    made = [name.replace("<results>", RESULTS) for name in MANIFESTS + STAGE_WEIGHTS]
    found = [name for name in made if Path(name).exists()]
    if found and not known:
        raise WorkflowError(
            f"{found[0]}: is there, but Snakemake's records of how it was made are not "
            f"({Path('.snakemake').absolute()}). Bring them back; or move {RESULTS}/ away, and all is "
            "made again; or, if you know that all of it fits the config and the code, take it as it "
            "is: snakemake --touch --forceall"
        )


def refuse_dates_in_the_future():
    """What is dated in the future looks newer than all that changes from now on."""
    latest = time.time() + SECONDS_AHEAD
    folders = ["data", "models", "ensembles", "distillation", "predictions"]
    for file in (file for folder in folders for file in Path(RESULTS, folder).rglob("*")):
        date = file.lstat().st_mtime
        if date > latest:
            raise WorkflowError(
                f"{file}: is dated {datetime.fromtimestamp(date):%Y-%m-%d %H:%M:%S}, in the future, so "
                "changes would go unnoticed. Set this machine's clock right if it is wrong; if not, give "
                f"such files an old date: find {RESULTS} -newermt now -exec touch -d 2000-01-01 {{}} +"
            )


if workflow.is_main_process and not {"--touch", "-t"} & set(sys.argv):
    refuse_results_without_records()
    refuse_dates_in_the_future()
