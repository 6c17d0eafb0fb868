"""Which files there are, by what they are."""

MODELS = experiment.made_models()
ENSEMBLES = experiment.made_ensembles()
COMBINED = [name for name, ensemble in experiment.ensembles.items() if ensemble.members]
TEACHERS = experiment.teachers()
STAGES = ["trained", "ema", "quantised"]
SPLITS = sorted({experiment.run.train, *experiment.run.evaluate, *experiment.run.predict})
MANIFESTS = expand("<results>/data/{split}.json", split=SPLITS)
TEACHER_MEMBERS = [
    f"<results>/models/{member}/{ENSEMBLES[teacher].stage}/weights.safetensors"
    for teacher in TEACHERS
    for member in ENSEMBLES[teacher].members
]
STUDENTS = [
    f"<results>/models/{name}/quantised/weights.safetensors"
    for name, model in MODELS.items()
    if model.teacher
]
FINAL_FILES = [
    f"<results>/ensembles/{experiment.run.final}/{name}"
    for name in ["size.json", f"{experiment.run.final}.tar.gz"]
    + [f"metrics.{split}.json" for split in experiment.run.evaluate]
]
PREDICTIONS = expand(
    "<results>/predictions/{ensemble}/{split}.{ending}",
    ensemble=experiment.run.final,
    split=experiment.run.predict,
    ending=["parquet", "csv"],
)
STAGE_WEIGHTS = expand(
    "<results>/models/{model}/{stage}/weights.safetensors", model=MODELS, stage=STAGES
)
STAGE_METRICS = expand(
    "<results>/models/{model}/{stage}/metrics.{split}.json",
    model=MODELS,
    stage=STAGES,
    split=experiment.run.evaluate,
)
ENSEMBLE_METRICS = expand(
    "<results>/ensembles/{ensemble}/metrics.{split}.json",
    ensemble=ENSEMBLES,
    split=experiment.run.evaluate,
)

# Whatever is made of settings, seeds and sources.
MADE = STAGE_WEIGHTS + expand("<results>/ensembles/{ensemble}/ensemble.json", ensemble=ENSEMBLES)
RECORDED = ["<results>/run.json", "<results>/report.html"]

LABEL_NAMES = experiment.dataset.label_names or []
TRAINING_MANIFEST = f"<results>/data/{experiment.run.train}.json"


def number_of_shards(split):
    """How many shards a split has."""
    if experiment.dataset.generate:
        return experiment.dataset.generate.splits[split][0]
    return len(experiment.shards[split])


# Distilled shards: a job writes those whose numbers differ in the last digits only.

SHARDS = number_of_shards(experiment.run.train)
SHARDS_A_JOB = experiment.distillation.shards_per_job
# Digits of a shard's number that stand for its place in a job.
DIGITS = len(str(SHARDS_A_JOB)) - 1
PLACES = [f"{i:0{DIGITS}d}" if DIGITS else "" for i in range(SHARDS_A_JOB)]
WHOLE_JOBS = SHARDS // SHARDS_A_JOB * SHARDS_A_JOB  # shards in jobs that are full
DISTILLED = f"<results>/distillation/{{{{teacher}}}}/shard-{{number}}-of-{SHARDS:05d}.tfrecord"


def shards_of_split(wildcards):
    """The shards of a split: made here or given."""
    if not experiment.dataset.is_made_here:
        return experiment.shards[wildcards.split]
    total = number_of_shards(wildcards.split)
    return expand(
        "<results>/data/{split}/{split}-{shard}-of-{total}.tfrecord",
        split=wildcards.split,
        shard=[f"{i:05d}" for i in range(total)],
        total=f"{total:05d}",
    )


def source_shard(wildcards):
    """The video-level shard that a shard of frames is expanded from."""
    return experiment.shards[wildcards.split][int(wildcards.shard)]


def distilled(wildcards, layout):
    """For a student, the manifest of its teacher's shards, if they are of this layout."""
    teachers = teachers_of([wildcards.model])
    wait_for(teachers)
    if experiment.distillation.layout != layout:
        return []
    return expand("<results>/distillation/{teacher}/manifest.json", teacher=teachers)


def training_records(wildcards):
    """The manifest a model learns from; `full` distilled shards take the place of the split's."""
    return distilled(wildcards, "full") or TRAINING_MANIFEST


def soft_labels(wildcards):
    """For a student, its teacher's predictions, to be read side by side with the records."""
    return distilled(wildcards, "soft_labels")


def ensemble_files(folder):
    """What an ensemble's folder holds when it has just been made."""
    return {
        "description": f"{folder}/ensemble.json",
        "graph": f"{folder}/graph/saved_model.pb",
        "values": f"{folder}/graph/variables/variables.data-00000-of-00001",
        "names": f"{folder}/graph/variables/variables.index",
    }


def ready_files(wildcards):
    """The files of a ready ensemble, where it was made."""
    return ensemble_files(READY[wildcards.ensemble])


def member_weights(wildcards):
    """The weights files of an ensemble's members, at the ensemble's stage."""
    ensemble = experiment.ensembles[wildcards.ensemble]
    wait_for(teachers_of(ensemble.members))
    return [f"<results>/models/{m}/{ensemble.stage}/weights.safetensors" for m in ensemble.members]


def member_configs(wildcards):
    """The configs of an ensemble's members; none of one that was made elsewhere."""
    members = experiment.ensembles[wildcards.ensemble].members
    return expand("<results>/models/{model}/config.json", model=members)


def distilled_shards(wildcards):
    """All of a teacher's shards, once its fingerprint is known."""
    wait_for([wildcards.teacher])
    numbers = [f"{i:05d}" for i in range(SHARDS)]
    return [p.format(teacher=wildcards.teacher) for p in expand(DISTILLED, number=numbers)]


def distilled_manifests(wildcards):
    """The manifests of all teachers' shards."""
    wait_for(TEACHERS)
    return expand("<results>/distillation/{teacher}/manifest.json", teacher=TEACHERS)


def distilled_files(wildcards):
    """The same with the shards themselves, so that one that was lost is made again."""
    shards = expand(DISTILLED, number=[f"{i:05d}" for i in range(SHARDS)])
    return [*distilled_manifests(wildcards), *expand(shards, teacher=TEACHERS)]


def reported(wildcards):
    """Everything that the report reads, once the final ensemble's fingerprint is known."""
    wait_for([experiment.run.final])
    stages = ["trained", "ema"]
    first_split = experiment.run.evaluate[0]
    return {
        "metrics": STAGE_METRICS + ENSEMBLE_METRICS,
        "classes": expand(
            "<results>/ensembles/{ensemble}/classes.{split}.parquet",
            ensemble=ENSEMBLES,
            split=first_split,
        ),
        "made": MADE,
        "run": "<results>/run.json",
        "distilled": distilled_manifests(wildcards),
        "histories": expand(
            "<results>/models/{model}/{stage}/history.csv", model=MODELS, stage=stages
        ),
        "sizes": expand("<results>/ensembles/{ensemble}/size.json", ensemble=ENSEMBLES),
        "stage_sizes": expand("<results>/models/{model}/quantised/sizes.json", model=MODELS),
        "configs": expand("<results>/models/{model}/config.json", model=MODELS),
        "manifests": MANIFESTS,
    }
