"""Who waits for the content of which manifest and of which ensemble."""

# Who waits for whom. Snakemake decides what to run before the first job starts and never takes it
# back, except for jobs whose inputs waited for a checkpoint: those it plans afresh, and compares
# contents while doing so. Hence every rule behind an ensemble asks for its inputs through `after`
# and the like: an ensemble that comes out the same, however often it is made, changes nothing.
# The same with a manifest that is read again, since some shards are other files now: it changes
# nothing where their content is the same. All wait for all of those, in one order: Snakemake does
# not come back to a job that it meets first while another checkpoint is being resolved.


def is_listed_otherwise(split):
    """Whether a split has a manifest, and the shards that it is given by have changed since."""
    if not Path(RESULTS, "data", f"{split}.json").exists():
        return False
    try:
        listed = read_shard_list(Path(RESULTS, "data", f"{split}.sources"))
    except Yt8mError:
        return True
    return listed.digest != given_shards(split).digest


CAN_CHANGE = workflow.is_main_process and not experiment.dataset.source.makes_shards
READ_AGAIN = [split for split in SPLITS if CAN_CHANGE and is_listed_otherwise(split)]
COMPARED_AGAIN = bool(READ_AGAIN) and any(
    Path(RESULTS, "data", Path(path).name).exists() for path in COMPARED
)


def wait_for_records():
    """Return once the manifests that are read again, and their comparison, are up to date."""
    for split in READ_AGAIN:
        checkpoints.manifest.get(split=split)
    if COMPARED_AGAIN:
        checkpoints.same_videos.get()


def wait_for(ensembles):
    """Return once the records and the fingerprints of these ensembles are up to date."""
    wait_for_records()
    for ensemble in ensembles:
        if READ_AGAIN:
            wait_for(teachers_of(experiment.ensembles[ensemble].members))
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


def wait_for_members(ensemble):
    """Return once the teachers of an ensemble's members are known."""
    wait_for(teachers_of(experiment.ensembles[ensemble].members))


def description_of(wildcards):
    """What an {ensemble} says about itself, once its records are known."""
    wait_for_records()
    return f"<results>/ensembles/{wildcards.ensemble}/ensemble.json"


def teachers_of(models):
    """Ensembles that some of these models learn from."""
    return sorted({experiment.models[m].teacher for m in models if experiment.models[m].teacher})
