"""Which files there are, by what they are."""

import functools

from yt8m.data.shard_list import list_shards, read_shard_list

MODELS = experiment.made_models()
ENSEMBLES = experiment.made_ensembles()
COMBINED = [name for name, ensemble in experiment.ensembles.items() if ensemble.members]
PLANNED = {name: e.compress for name, e in experiment.ensembles.items() if e.compress}
WEIGHED = {name: e.learn for name, e in experiment.ensembles.items() if e.learn}
TEACHERS = experiment.teachers()
STAGES = ["trained", "ema", "quantised"]
WEIGHING_SPLITS = {WEIGHED[name].split for name in ENSEMBLES if name in WEIGHED}
PLANNING_SPLITS = {PLANNED[name].split for name in ENSEMBLES if name in PLANNED}
SPLITS = sorted(
    {experiment.run.train, *experiment.run.evaluate, *experiment.run.predict}
    | WEIGHING_SPLITS
    | PLANNING_SPLITS
)
MANIFESTS = expand("<results>/data/{split}.json", split=SPLITS)
# Splits by whose labels models and ensembles are judged, besides the one that they learn from.
SCORED = sorted(
    {*experiment.run.evaluate, *WEIGHING_SPLITS, *PLANNING_SPLITS} - {experiment.run.train}
)
# The digest of what is learnt from, once it is known to have no videos in common with those.
COMPARED = ["<results>/data/same-videos.digest"] if SCORED else []
TEACHER_MEMBERS = [
    f"<results>/models/{member}/{ENSEMBLES[teacher].source_stage}/weights.safetensors"
    for teacher in TEACHERS
    for member in ENSEMBLES[teacher].members
]
TAUGHT = [name for name, model in MODELS.items() if model.teacher]
UNTAUGHT = [name for name in MODELS if name not in TAUGHT]
STUDENTS = expand("<results>/models/{model}/quantised/weights.safetensors", model=TAUGHT)
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


def stage_metrics(models):
    """The scores of models at all stages."""
    return expand(
        "<results>/models/{model}/{stage}/metrics.{split}.json",
        model=models,
        stage=STAGES,
        split=experiment.run.evaluate,
    )


def ensemble_metrics(ensembles):
    """The scores of ensembles."""
    return expand(
        "<results>/ensembles/{ensemble}/metrics.{split}.json",
        ensemble=ensembles,
        split=experiment.run.evaluate,
    )


# Whatever is made of settings, seeds and sources.
MADE = STAGE_WEIGHTS + expand("<results>/ensembles/{ensemble}/ensemble.json", ensemble=ENSEMBLES)
RECORDED = ["<results>/run.json", "<results>/report.html"]

# Small files that are given: their content is a param of what reads them, their date says nothing.
LABEL_NAMES = [ancient(path) for path in [experiment.dataset.label_names] if path]
LICENCE = [ancient(path) for path in [experiment.card.licence_file] if path]
TRAINING_MANIFEST_FILE = f"{RESULTS}/data/{experiment.run.train}.json"
MODELS_FOLDER = f"{RESULTS}/models"


def number_of_shards(split):
    """How many shards a split has."""
    return experiment.dataset.source.shards()[split]


# Distilled shards: a job writes those whose numbers differ in the last digits only.

SHARDS = number_of_shards(experiment.run.train)
SHARDS_A_JOB = experiment.distillation.shards_per_job
# Digits of a shard's number that stand for its place in a job.
DIGITS = len(str(SHARDS_A_JOB)) - 1
PLACES = [f"{i:0{DIGITS}d}" if DIGITS else "" for i in range(SHARDS_A_JOB)]
WHOLE_JOBS = SHARDS // SHARDS_A_JOB * SHARDS_A_JOB  # shards in jobs that are full
DISTILLED = f"<results>/distillation/{{{{teacher}}}}/shard-{{number}}-of-{SHARDS:05d}.tfrecord"


def shards_of_split(wildcards):
    """The shards of a split, where they are made here; of shards that are given, their list."""
    if not experiment.dataset.source.makes_shards:
        return f"<results>/data/{wildcards.split}.sources"
    total = number_of_shards(wildcards.split)
    return expand(
        "<results>/data/{split}/{split}-{shard}-of-{total}.tfrecord",
        split=wildcards.split,
        shard=[f"{i:05d}" for i in range(total)],
        total=f"{total:05d}",
    )


@functools.cache
def given_shards(split):
    """The files that a split is given by, as they are now."""
    try:
        return list_shards(experiment.dataset.source.given(split), split)
    except Yt8mError as error:
        raise WorkflowError(f"dataset.source: {error}")


def shard_inputs(wildcards):
    """The files that a shard is made from."""
    # Told by their identities, a param: their dates say nothing.
    inputs = experiment.dataset.source.inputs(wildcards.split, int(wildcards.shard))
    return [ancient(path) for path in inputs]


# A manifest is compared by the small file with its digest, whatever its size and date.


def manifest_of(path):
    """A manifest that must exist, but whose date says nothing: its digest speaks for it."""
    return ancient(f"{path}.json")


def records_of(split):
    """The manifest of a split."""
    wait_for_records()
    return manifest_of(f"<results>/data/{split}")


def records_of_split(wildcards):
    """The same, of a {split}."""
    return records_of(wildcards.split)


def digests_of(*functions):
    """Input function: the digests of the manifests that these give."""

    def inputs(wildcards):
        manifests = flatten([function(wildcards) for function in functions])
        return [f"{manifest.removesuffix('.json')}.digest" for manifest in manifests]

    return inputs


def distilled(wildcards, layout):
    """For a student, the manifest of its teacher's shards, if they are of this layout."""
    teachers = teachers_of([wildcards.model])
    wait_for(teachers)
    if experiment.distillation.layout != layout:
        return []
    return [manifest_of(f"<results>/distillation/{teacher}/manifest") for teacher in teachers]


def records_learnt_from(wildcards):
    """The manifest of the split that models learn from."""
    return records_of(experiment.run.train)


def compared_records(wildcards):
    """The manifests that are looked through for the same videos, that learnt from first."""
    splits = [experiment.run.train, *SCORED]
    return [manifest_of(f"<results>/data/{split}") for split in splits]


def other_records(wildcards):
    """The manifests of splits that are predicted only; they are read first like all others."""
    others = sorted({*SPLITS} - {experiment.run.train, *SCORED})
    return [manifest_of(f"<results>/data/{split}") for split in others]


def hashed_ids(wildcards):
    """What tells the videos of all these, by the digests of their manifests."""
    splits = [experiment.run.train, *SCORED]
    return [ancient(f"<results>/data/{split}.ids.npy") for split in splits]


def training_records(wildcards):
    """The manifest a model learns from; `full` distilled shards take the place of the split's."""
    return distilled(wildcards, "full") or records_learnt_from(wildcards)


def soft_labels(wildcards):
    """For a student, its teacher's predictions, to be read side by side with the records."""
    return distilled(wildcards, "soft_labels")


def member_folders(name):
    """The folders of an ensemble's members, by their names."""
    if name in PLANNED:
        members = sorted(experiment.ensembles[name].members)
        return [f"{RESULTS}/ensembles/{name}/members/{member}" for member in members]
    return source_folders(name)


def source_folders(name):
    """The same, before they are compressed to fit a budget."""
    ensemble = experiment.ensembles[name]
    return [f"{RESULTS}/models/{m}/{ensemble.source_stage}" for m in sorted(ensemble.members)]


def own_source_folders(wildcards):
    """The same, of an {ensemble}."""
    return source_folders(wildcards.ensemble)


def ensemble_files(folder):
    """What an ensemble's folder holds when it has just been made."""
    return {
        "description": f"{folder}/ensemble.json",
        **{
            name: f"{folder}/{file}"
            for name, file in zip(("graph", "values", "names"), GRAPH_FILES, strict=True)
        },
    }


def ready_files(wildcards):
    """The files of a ready ensemble, where it was made; told by their identities, a param."""
    files = ensemble_files(READY[wildcards.ensemble])
    return {name: ancient(path) for name, path in files.items()}


def member_weights(wildcards):
    """The weights files of an ensemble's members, as the ensemble holds them."""
    wait_for_members(wildcards.ensemble)
    return [f"{folder}/weights.safetensors" for folder in member_folders(wildcards.ensemble)]


def source_weights(wildcards):
    """The same, before they are compressed to fit a budget."""
    wait_for_members(wildcards.ensemble)
    return [f"{folder}/weights.safetensors" for folder in source_folders(wildcards.ensemble)]


def own_source_weights(wildcards):
    """The same, of one {model} of an {ensemble}."""
    wait_for(teachers_of([wildcards.model]))
    stage = experiment.ensembles[wildcards.ensemble].source_stage
    return f"<results>/models/{wildcards.model}/{stage}/weights.safetensors"


def plan_of(wildcards):
    """An {ensemble}'s plan, once its members' teachers are known."""
    wait_for_members(wildcards.ensemble)
    return f"<results>/ensembles/{wildcards.ensemble}/plan.json"


def calibration_records(wildcards):
    """The split by whose predictions an {ensemble} is compressed."""
    return records_of(PLANNED[wildcards.ensemble].split)


def own_source_config(wildcards):
    """The config.json of one {model} of an {ensemble}, at the stage that it starts from."""
    stage = experiment.ensembles[wildcards.ensemble].source_stage
    return f"<results>/models/{wildcards.model}/{stage}/config.json"


def recovers(wildcards):
    """Whether the members of an {ensemble} recover from being compressed."""
    return PLANNED[wildcards.ensemble].recovery.is_needed


def recovery_records(wildcards):
    """The records that a {model} of an {ensemble} recovers on, where it does."""
    return training_records(wildcards) if recovers(wildcards) else []


def recovery_soft_labels(wildcards):
    """The predictions of its teacher, likewise."""
    return soft_labels(wildcards) if recovers(wildcards) else []


def weighing_records(wildcards):
    """The manifest of the split that an ensemble learns its weights on."""
    return records_of(WEIGHED[wildcards.ensemble].split)


def learnt_weights(wildcards):
    """The learnt weights of an ensemble's members, where they are learnt."""
    known = wildcards.ensemble in WEIGHED
    return f"<results>/ensembles/{wildcards.ensemble}/weights.json" if known else []


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
    return [manifest_of(f"<results>/distillation/{teacher}/manifest") for teacher in TEACHERS]


def distilled_files(wildcards):
    """The same with the shards themselves, so that one that was lost is made again."""
    shards = expand(DISTILLED, number=[f"{i:05d}" for i in range(SHARDS)])
    return [*distilled_manifests(wildcards), *expand(shards, teacher=TEACHERS)]


def all_records(wildcards):
    """The manifests of all splits."""
    return [records_of(split) for split in SPLITS]


def reported(wildcards):
    """Everything that the report reads, once the final ensemble's fingerprint is known."""
    wait_for([experiment.run.final])
    stages = ["trained", "ema"]
    first_split = experiment.run.evaluate[0]
    return {
        "metrics": stage_metrics(MODELS) + ensemble_metrics(ENSEMBLES),
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
        "weights": expand(
            "<results>/ensembles/{ensemble}/weights.json",
            ensemble=[name for name in ENSEMBLES if name in WEIGHED],
        ),
        "sizes": expand("<results>/ensembles/{ensemble}/size.json", ensemble=ENSEMBLES),
        "plans": expand(
            "<results>/ensembles/{ensemble}/plan.json",
            ensemble=[name for name in ENSEMBLES if name in PLANNED],
        ),
        "sweeps": expand(
            "<results>/ensembles/{ensemble}/sweep.{split}.json",
            ensemble=[name for name in ENSEMBLES if name in PLANNED and PLANNED[name].sweep],
            split=first_split,
        ),
        "stage_sizes": expand("<results>/models/{model}/quantised/sizes.json", model=MODELS),
        "configs": expand("<results>/models/{model}/config.json", model=MODELS),
        "manifests": all_records(wildcards),
        "digests": digests_of(all_records, distilled_manifests)(wildcards),
    }
