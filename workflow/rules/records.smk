# Shards of records, where they are not given, and the manifest of each split.


def number_of_shards(split):
    """How many shards a split has."""
    if experiment.dataset.generate:
        return experiment.dataset.generate.splits[split][0]
    return len(experiment.shards[split])


def shard_patterns(wildcards):
    """Patterns that match a split's shards and nothing else."""
    if experiment.dataset.is_made_here:
        total = number_of_shards(wildcards.split)
        return f"{RESULTS}/data/{wildcards.split}/{wildcards.split}-*-of-{total:05d}.tfrecord"
    return experiment.dataset.files[wildcards.split]


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


def needs_labels(wildcards):
    """The option that refuses a split without labels, where labels are needed."""
    labelled = {experiment.run.train, *experiment.run.evaluate}
    return "--require-labels" if wildcards.split in labelled else ""


if experiment.dataset.generate:

    rule generate:
        message:
            "Generate shard {wildcards.shard} of {wildcards.split}."
        output:
            "<results>/data/{split}/{split}-{shard}-of-{shards}.tfrecord",
        log:
            "<logs>/generate/{split}-{shard}-of-{shards}.log",
        benchmark:
            "<benchmarks>/generate/{split}-{shard}-of-{shards}.tsv"
        conda:
            "../../envs/yt8m.yaml"
        threads: need("light", "threads")
        resources:
            gpu=need("light", "gpu"),
            mem_mb=need("light", "mem_mb"),
            runtime=minutes("light"),
        params:
            schema=as_json(experiment.dataset.schema.as_json()),
            settings=as_json(as_entry(experiment.dataset.generate)),
            code=code_of("yt8m.data.generate.shards"),
        shell:
            "python -m yt8m records generate --schema {params.schema:q}"
            " --settings {params.settings:q} --split {wildcards.split}"
            " --shard {wildcards.shard} --out {output:q} > {log:q} 2>&1"


if experiment.dataset.expand:

    rule expand:
        message:
            "Expand shard {wildcards.shard} of {wildcards.split} from means to frames."
        input:
            source_shard,
        output:
            "<results>/data/{split}/{split}-{shard}-of-{shards}.tfrecord",
        log:
            "<logs>/expand/{split}-{shard}-of-{shards}.log",
        benchmark:
            "<benchmarks>/expand/{split}-{shard}-of-{shards}.tsv"
        conda:
            "../../envs/yt8m.yaml"
        threads: need("light", "threads")
        resources:
            gpu=need("light", "gpu"),
            mem_mb=need("light", "mem_mb"),
            runtime=minutes("light"),
        params:
            schema=as_json(experiment.dataset.schema.as_json()),
            settings=as_json(as_entry(experiment.dataset.expand)),
            code=code_of("yt8m.data.expand"),
        shell:
            "python -m yt8m records expand {input:q} --schema {params.schema:q}"
            " --settings {params.settings:q} --out {output:q} > {log:q} 2>&1"


rule manifest:
    message:
        "Read and check every record of {wildcards.split}."
    input:
        shards_of_split,
    output:
        "<results>/data/{split}.json",
    log:
        "<logs>/manifest/{split}.log",
    benchmark:
        "<benchmarks>/manifest/{split}.tsv"
    conda:
        "../../envs/yt8m.yaml"
    threads: need("records", "threads")
    resources:
        gpu=need("records", "gpu"),
        mem_mb=need("records", "mem_mb"),
        runtime=minutes("records"),
    params:
        schema=as_json(experiment.dataset.schema.as_json()),
        patterns=shard_patterns,
        labels=needs_labels,
    shell:
        "python -m yt8m records manifest {params.patterns:q} --split {wildcards.split}"
        " --schema {params.schema:q} {params.labels} --threads {threads}"
        " --out {output:q} > {log:q} 2>&1"
