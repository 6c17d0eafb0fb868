"""Early cut-off at manifests and fingerprints: identical content reruns nothing downstream."""

# Snakemake decides what to run before the first job starts and does not revise that decision, except
# for jobs whose inputs wait for a checkpoint: those it plans again afterwards, comparing contents.
# Therefore all rules downstream of an ensemble get their inputs by `after`, and an ensemble that is
# rebuilt with an identical result reruns nothing. The same holds for a manifest that is read again
# because some shards are different files now: if their content is the same, nothing is rerun. All
# jobs wait for all of these manifests, in one order, because Snakemake does not return to a job that
# it first meets while another checkpoint is being resolved.

from yt8m.workflow.input_files import splits_to_read_again

try:
    READ_AGAIN = splits_to_read_again(real_plan, input_files) if workflow.is_main_process else []
except Yt8mError as error:
    raise WorkflowError(str(error))

COMPARED_AGAIN = bool(READ_AGAIN and plan.evaluated) and os.path.exists(real.comparison["digest"])
# Whether one checkpoint may depend on another that has to run.
IN_ORDER = bool(READ_AGAIN or plan.chosen)
NOBODY = ()


def after(whom, what):
    """Input function: `what`, once the fingerprints of the ensembles `whom` are known.

    whom: names, a pattern such as "{ensemble}", or a function of names; NOBODY for inputs that
    depend on records only. what: paths, patterns or a function of names.
    """

    def inputs(wildcards):
        names = by_name(whom, wildcards)
        wait_for_records()
        wait_for([names] if isinstance(names, str) else names)
        return dated(by_name(what, wildcards))

    inputs.waits_for = whom
    return inputs


def at_once(what):
    """Input function: `what` without waiting, for rules upstream or beside inputs that wait."""

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
        if IN_ORDER:
            wait_for(plan.teachers_of_members(ensemble))
        if ensemble in plan.chosen:
            choice_of(ensemble)
        checkpoints.fingerprint.get(ensemble=ensemble)


def choice_of(ensemble):
    """The chosen members of an ensemble, the best first, once its choice is up to date."""
    checkpoints.choose.get(ensemble=ensemble)
    try:
        return read_choice(real.choice(ensemble), ensemble).members
    except Yt8mError as error:
        raise WorkflowError(str(error))
