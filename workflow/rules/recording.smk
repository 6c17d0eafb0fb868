"""Records of how files were made, written by the jobs of a cluster themselves."""

# Snakemake writes a job's record only when it next asks the cluster for the job's state, and the
# job has by then removed the mark of its unfinished files. If Snakemake is killed in between, the
# files are finished, but nothing says how they were made.

from dataclasses import replace

from snakemake.persistence import PersistenceBase


def record_in_the_job():
    """Let a job write its record before it removes the marks, as with `--immediate-submit`."""
    finished = PersistenceBase.finished

    async def recorded(records, job):
        run = records.dag.workflow
        settings = run.remote_execution_settings
        run.remote_execution_settings = replace(settings, immediate_submit=True)
        try:
            await finished(records, job)
        finally:
            run.remote_execution_settings = settings

    PersistenceBase.finished = recorded


if workflow.remote_exec:
    record_in_the_job()
