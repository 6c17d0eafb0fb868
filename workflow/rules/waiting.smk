"""Who waits for the content of which manifest and of which ensemble."""

# Who waits for whom. Snakemake decides what to run before the first job starts and never takes it
# back, except for jobs whose inputs waited for a checkpoint: those it plans afresh, and compares
# contents while doing so. Hence every rule behind an ensemble asks for its inputs through `after`
# and the like: an ensemble that comes out the same, however often it is made, changes nothing.
# The same with a manifest that was there before: one that is read again, since its shards are other
# files now, changes nothing where their content is the same. A first run has nothing to compare,
# does not wait, and is planned whole from the start.
READ_BEFORE = [split for split in SPLITS if Path(RESULTS, "data", f"{split}.json").exists()]
COMPARED_BEFORE = bool(COMPARED) and Path(RESULTS, "data", "same-videos.digest").exists()


def wait_for_manifests(splits):
    """Return once those of them that were there before are up to date."""
    for split in splits:
        if split in READ_BEFORE:
            checkpoints.manifest.get(split=split)


def wait_for(ensembles):
    """Return once the fingerprints of these ensembles are up to date, and what all is learnt from."""
    wait_for_manifests([experiment.run.train])
    if COMPARED_BEFORE:
        checkpoints.same_videos.get()
    for ensemble in ensembles:
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


def wait_for_records(ensemble):
    """Return once the records are known that shape an ensemble."""
    wait_for([])
    wait_for_manifests(e[ensemble].split for e in (WEIGHED, PLANNED) if ensemble in e)


def wait_for_members(ensemble):
    """Return once all is known that an ensemble's members and their weights were made of."""
    wait_for_records(ensemble)
    wait_for(teachers_of(experiment.ensembles[ensemble].members))


def description_of(wildcards):
    """What an {ensemble} says about itself, once its records are known."""
    wait_for_records(wildcards.ensemble)
    return f"<results>/ensembles/{wildcards.ensemble}/ensemble.json"


def teachers_of(models):
    """Ensembles that some of these models learn from."""
    return sorted({experiment.models[m].teacher for m in models if experiment.models[m].teacher})
