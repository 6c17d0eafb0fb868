# Shards of records, where they are not given, and the manifest of each split.


if experiment.dataset.generate:

    rule generate:
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
            code=code_of("yt8m.data.generate.shards", "yt8m.recipes"),
        message:
            "Generate shard {wildcards.shard} of {wildcards.split}."
        shell:
            "python -m yt8m records generate --schema {params.schema:q}"
            " --settings {params.settings:q} --split {wildcards.split}"
            " --shard {wildcards.shard} --out {output:q} > {log:q} 2>&1"


if experiment.dataset.expand:

    rule expand:
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
            code=code_of("yt8m.data.expand", "yt8m.recipes"),
        message:
            "Expand shard {wildcards.shard} of {wildcards.split} from means to frames."
        shell:
            "python -m yt8m records expand {input:q} --schema {params.schema:q}"
            " --settings {params.settings:q} --out {output:q} > {log:q} 2>&1"


rule manifest:
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
        checks=as_json(as_entry(experiment.dataset.checks)),
        code=code_of("yt8m.data.survey", "yt8m.config.paths"),
    message:
        "Read and check every record of {wildcards.split}."
    shell:
        "python -m yt8m records manifest {params.patterns:q} --split {wildcards.split}"
        " --schema {params.schema:q} {params.labels} --checks {params.checks:q}"
        " --threads {threads}"
        " --out {output:q} > {log:q} 2>&1"
