"""What commands are told besides files: settings and options."""

from yt8m.data.identity import digest_of_contents, digest_of_identities
from yt8m.serving.adoption import adopted_files


def config_entry(wildcards):
    """The content of a model's config.json, as JSON.

    The words that its stage depends on, and no others, so that another quantiser trains nothing. The
    one without a stage holds the whole entry.
    """
    stage = Path(wildcards.part).name or "quantised"
    return as_json(experiment.models[wildcards.model].entry(stage))


EVALUATION = ["yt8m.outputs.evaluation", "yt8m.metrics.files", "yt8m.data.label_names"]


def recipe_code(modules, models, stored=False):
    """Digest of `modules` and of the recipes of `models`; where weights are `stored`, quantisers too."""
    entries = [experiment.models[name] for name in models]
    recipes = [e.recipe for e in entries] + [e.quantise.quantiser for e in entries if stored]
    return digest_of(*modules, *(m for recipe in recipes for m in recipe_modules(recipe)))


def model_code(*modules):
    """Params function: digest of sources, those of a {model}'s recipe included."""

    def digest(wildcards):
        return recipe_code(modules, [wildcards.model])

    return digest


def stored_model_code(*modules):
    """The same with the quantiser, whose code is also what decodes a {model}'s weights."""

    def digest(wildcards):
        return recipe_code(modules, [wildcards.model], stored=True)

    return digest


def quantise_code(wildcards):
    """Digest of the code that quantises a {model}, its quantiser included."""
    quantiser = experiment.models[wildcards.model].quantise.quantiser
    return digest_of("yt8m.quantisation", *recipe_modules(quantiser))


def ensemble_code(*modules):
    """The same, of all members of an {ensemble}."""

    def digest(wildcards):
        ensemble = experiment.ensembles[wildcards.ensemble]
        ways = ensemble.compress.quantisers if ensemble.compress else []
        own = [module for way in ways for module in recipe_modules(way)]
        return recipe_code([*modules, *own], ensemble.members, stored=True)

    return digest


def shards_option(wildcards, input):
    """What tells the command a split's shards: a pattern of those made here, or their list."""
    if experiment.dataset.source.makes_shards:
        total = number_of_shards(wildcards.split)
        pattern = f"{wildcards.split}/{wildcards.split}-*-of-{total:05d}.tfrecord"
        return quoted(f"{RESULTS}/data/{pattern}")
    return f"--shards {quoted(list(input))}"


def given_state(wildcards):
    """How many shards a split is given by, and a digest of their identities, as JSON."""
    shards = given_shards(wildcards.split)
    return as_json({"shards": len(shards.paths), "as_of": shards.digest})


def listed_shards(wildcards, resources):
    """A file with the list of a {split}'s shards, which can be too long for a command line."""
    shards = given_shards(wildcards.split)
    file = Path(".snakemake/yt8m", f"{shards.digest}.sources")
    if not file.exists():
        shards.write(file)
    return str(file)


def shard_source(wildcards):
    """The command's options: the source as far as a shard depends on it, and the number there."""
    asked = experiment.dataset.source.for_shard(wildcards.split, int(wildcards.shard))
    return f"--source {quoted(as_json(as_entry(asked[0])))} --shard {asked[1]}"


def source_code(wildcards):
    """Digest of the code that makes a shard."""
    return digest_of("yt8m.recipes", *recipe_modules(experiment.dataset.source))


def input_identities(wildcards):
    """A digest of the identities of the files that a shard is made from, as JSON."""
    inputs = experiment.dataset.source.inputs(wildcards.split, int(wildcards.shard))
    return as_json({"inputs_as_of": digest_of_identities(inputs)})


def ready_state(wildcards):
    """A digest of the identities of all that a ready ensemble is made of, as JSON."""
    files = adopted_files(READY[wildcards.ensemble])
    return as_json({"as_of": digest_of_identities(files)})


def named_content(**files):
    """Params function: digests of what small files that are given hold, as JSON."""

    def digests(wildcards):
        return as_json({name: digest_of_contents(paths) for name, paths in files.items()})

    return digests


# What becomes of doubtful records. Functions of resources too: that lets a job pass or not and shapes
# nothing, so another choice is no reason to run again.


def checks_of(wildcards, resources):
    """As JSON, for a {split}; to learn from a video twice may be meant."""
    train = wildcards.split == experiment.run.train
    return training_checks(wildcards, resources) if train else all_checks(wildcards, resources)


def all_checks(wildcards, resources):
    """As JSON, for splits that are scored."""
    return as_json(as_entry(experiment.dataset.checks))


def training_checks(wildcards, resources):
    """As JSON, for the split that is learnt from."""
    return as_json({**as_entry(experiment.dataset.checks), "repeats": "warn"})


def needs_labels(wildcards):
    """The option that refuses a split without labels, where labels are needed."""
    labelled = {experiment.run.train, *experiment.run.evaluate, *WEIGHING_SPLITS}
    return "--require-labels" if wildcards.split in labelled else ""


def enough_videos(wildcards, resources):
    """The option that refuses a split to learn from without a single batch, of the largest."""
    if wildcards.split != experiment.run.train:
        return ""
    return f"--at-least {max(model.training.batch_size for model in MODELS.values())}"


def quoted(files):
    """One file or folder, or several, as a shell wants them."""
    return " ".join(map(shlex.quote, [files] if isinstance(files, str) else files))


def soft_labels_option(wildcards, input):
    """The command's options for them, and for whose they are."""
    soft_labels = f"--soft-labels {quoted(input.soft_labels)}" if input.soft_labels else ""
    teachers = teachers_of([wildcards.model])
    files = [f"{RESULTS}/ensembles/{teacher}/fingerprint.json" for teacher in teachers]
    return " ".join([soft_labels, *(f"--teacher {quoted(file)}" for file in files)])


# What artefacts came from is checked by files that are no inputs, since they decide about no outcome;
# nor are these options reasons to run again, as functions of resources.


def learnt_from(models):
    """The command's options: the manifests that some models learnt from."""
    teachers = teachers_of(models)
    manifests = [f"{RESULTS}/distillation/{teacher}/manifest.json" for teacher in teachers]
    return " ".join(f"--learnt-from {quoted(m)}" for m in [TRAINING_MANIFEST_FILE, *manifests])


def own_learnt_from(wildcards, resources):
    """The same, of a {model}."""
    return learnt_from([wildcards.model])


def members_learnt_from(wildcards, resources):
    """The same, of the members of an {ensemble}."""
    return learnt_from(experiment.ensembles[wildcards.ensemble].members)


def combined_from(wildcards, resources):
    """The same with where they lie, and the plan that they are stored by, if there is one."""
    name = wildcards.ensemble
    plan = f"--plan {quoted(f'{RESULTS}/ensembles/{name}/plan.json')}" if name in PLANNED else ""
    return f"{members_learnt_from(wildcards, resources)} --models {quoted(MODELS_FOLDER)} {plan}"


def made_of(ensemble):
    """The command's options: the fingerprint of an ensemble, and what it was made of if it was here."""
    fingerprint = f"--fingerprint {quoted(f'{RESULTS}/ensembles/{ensemble}/fingerprint.json')}"
    return fingerprint if ensemble in READY else f"{fingerprint} --models {quoted(MODELS_FOLDER)}"


def own_made_of(wildcards, resources):
    """The same, of an {ensemble}."""
    return made_of(wildcards.ensemble)


def teacher_made_of(wildcards, resources):
    """The same, of a {teacher}."""
    return made_of(wildcards.teacher)


def own_predictions_of(wildcards, resources):
    """The command's options: whose predictions they are, and for which {split}."""
    fingerprint = f"{RESULTS}/ensembles/{wildcards.ensemble}/fingerprint.json"
    records = f"{RESULTS}/data/{wildcards.split}.json"
    return f"--fingerprint {quoted(fingerprint)} --records {quoted(records)}"


def member_options(wildcards):
    """The command's options: weight and folder of each member, as the ensemble holds it."""
    return with_weights(wildcards.ensemble, member_folders(wildcards.ensemble))


def source_options(wildcards):
    """The same, before they are compressed to fit a budget."""
    return with_weights(wildcards.ensemble, source_folders(wildcards.ensemble))


def with_weights(ensemble, folders):
    """The option that names a member's weight and folder, for each of them."""
    weights = [weight for _, weight in sorted(experiment.ensembles[ensemble].members.items())]
    return " ".join(
        f"--member {w!r} {quoted(folder)}" for w, folder in zip(weights, folders, strict=True)
    )


def compression_of(wildcards, *words):
    """Some words of an {ensemble}'s `compress`, as JSON."""
    entry = as_entry(PLANNED[wildcards.ensemble])
    return as_json({word: entry[word] for word in words})


def plan_settings(wildcards):
    """What a plan depends on."""
    return compression_of(wildcards, "quantisers", "min_elements", "videos")


def recovery_settings(wildcards):
    """What is done for a compressed member afterwards."""
    return as_json(as_entry(PLANNED[wildcards.ensemble].recovery))


def recovery_options(wildcards, input):
    """The command's options for what it is done with."""
    records = f"--records {quoted(input.records)}" if input.records else ""
    return f"--config {quoted(input.config)} {records} {soft_labels_option(wildcards, input)}"


def sweep_options(wildcards):
    """The command's options: each budget of the report's comparison."""
    shares = PLANNED[wildcards.ensemble].sweep
    return " ".join(f"--share {share!r}" for share in shares)


def learnt_weights_option(wildcards, input):
    """The command's option for weights in place of those."""
    return f"--weights {quoted(input.weights)}" if input.weights else ""


def weighing_settings(wildcards):
    """How an ensemble learns its weights, as JSON."""
    return as_json(as_entry(WEIGHED[wildcards.ensemble]))


def planned_for(wildcards):
    """The command's option: whose plan it must be."""
    name = wildcards.ensemble
    return f"--ensemble {name} {experiment.ensembles[name].budget_bytes}"


def decode_of(wildcards):
    """When the graph of an {ensemble} decodes its codes. It shapes the files, not the predictions."""
    return experiment.ensembles[wildcards.ensemble].decode


def budget_option(wildcards):
    """The command's option for the byte budget, where there is one."""
    budget = experiment.ensembles[wildcards.ensemble].budget_bytes
    return f"--budget {budget}" if budget else ""


def archive_options(wildcards, input):
    """The command's options: what goes into the archive besides the graph."""
    options = [f"--metrics {quoted(path)}" for path in input.metrics]
    options += [f"--config {quoted(path)}" for path in input.configs]
    return " ".join([*options, label_names_option(wildcards, input)])


def distilled_pattern(wildcards):
    """A pattern that matches a teacher's shards and nothing else."""
    return f"{RESULTS}/distillation/{wildcards.teacher}/shard-*-of-{SHARDS:05d}.tfrecord"


def soft_labels_of(wildcards):
    """The options that say whose predictions these are, and for which videos."""
    fingerprint = f"{RESULTS}/ensembles/{wildcards.teacher}/fingerprint.json"
    kind = "full-records" if experiment.distillation.layout == "full" else "soft-labels"
    return f"--{kind}-of {quoted(TRAINING_MANIFEST_FILE)} --teacher {quoted(fingerprint)}"


def job_of_shards(wildcards):
    """The numbers of the shards of one job, as the command wants them."""
    first = int(wildcards.job) * SHARDS_A_JOB
    return f"{first}-{first + SHARDS_A_JOB - 1}"


def infer_options(experiment):
    """Options that every command with a graph takes."""
    inference = experiment.inference
    dummies = " --skip-dummies" if inference.skip_dummies else ""
    return f"--batch-size {inference.batch_size} --top-k {inference.top_k}{dummies}"


def label_names_option(wildcards, input):
    """The option that names the classes in tables, where names are known."""
    return f"--label-names {quoted(input.names)}" if input.names else ""
