"""Who waits for the content of which manifest and of which ensemble."""

# Snakemake decides what to run before the first job starts and never takes it back, except for jobs
# whose inputs waited for a checkpoint: those it plans afresh, and compares contents while doing so.
# Hence all that lies behind an ensemble gets inputs by `after`, and an ensemble that comes out the
# same, however often it is made, changes nothing. The same with a manifest that is read again, since
# some shards are other files now: it changes nothing where their content is the same. All wait for
# all of those, in one order: Snakemake does not come back to a job that it meets first while another
# checkpoint is being resolved.

from yt8m.workflow.input_files import splits_to_read_again

try:
    READ_AGAIN = splits_to_read_again(flags.plan, input_files) if workflow.is_main_process else []
except Yt8mError as error:
    raise WorkflowError(str(error))

COMPARED_AGAIN = bool(READ_AGAIN and plan.evaluated) and os.path.exists(real.comparison["digest"])
NOBODY = ()


def after(whom, what):
    """Input function: `what`, once the fingerprints of the ensembles `whom` are known.

    whom: names, a pattern such as "{ensemble}", or a function of names; NOBODY where an input
    lies behind records only. what: paths, patterns or a function of names.
    """

    def inputs(wildcards):
        names = by_name(whom, wildcards)
        wait_for_records()
        wait_for([names] if isinstance(names, str) else names)
        return dated(by_name(what, wildcards))

    inputs.waits_for = whom
    return inputs


def at_once(what):
    """Input function: `what`, beside inputs that wait, or of a rule before all ensembles."""

    def inputs(wildcards):
        return dated(by_name(what, wildcards))

    return inputs


def wait_for_records():
    """Return once the manifests that are read again, and their comparison, are up to date."""
    for split in READ_AGAIN:
        checkpoints.manifest.get(split=split)
    if COMPARED_AGAIN:
        checkpoints.find_duplicates.get()


def wait_for(ensembles):
    """Return once the fingerprints of these ensembles are up to date."""
    for ensemble in ensembles:
        if READ_AGAIN:
            wait_for(plan.teachers_of_members(ensemble))
        checkpoints.fingerprint.get(ensemble=ensemble)
