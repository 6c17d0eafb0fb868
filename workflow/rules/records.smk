# Shards of records, where they are not given, and the manifest of each split.


if experiment.dataset.source.makes_shards:

    rule make_shard:
        input:
            shard_inputs,
        output:
            "<results>/data/{split}/{split}-{shard}-of-{shards}.tfrecord",
        log:
            "<logs>/make_shard/{split}-{shard}-of-{shards}.log",
        benchmark:
            "<benchmarks>/make_shard/{split}-{shard}-of-{shards}.tsv"
        conda:
            "../../envs/yt8m.yaml"
        threads: need("light", "threads")
        resources:
            gpu=need("light", "gpu"),
            mem_mb=need("light", "mem_mb"),
            runtime=minutes("light"),
        params:
            schema=literal_json(experiment.dataset.schema.as_json()),
            source=shard_source,
            inputs=input_identities,
            code=source_code,
        message:
            "Make shard {wildcards.shard} of {wildcards.split}."
        shell:
            "python -m yt8m records make --schema {params.schema:q} {params.source}"
            " --split {wildcards.split} --out {output:q} > {log:q} 2>&1"


if not experiment.dataset.source.makes_shards:

    # Files given are known by name and identity, and their dates say nothing: another one in a
    # shard's place is read again, however old it looks.
    localrules:
        sources,

    rule sources:
        output:
            "<results>/data/{split}.sources",
        log:
            "<logs>/sources/{split}.log",
        benchmark:
            "<benchmarks>/sources/{split}.tsv"
        params:
            shards=given_state,
            listed=listed_shards,
        message:
            "List the shards of {wildcards.split} as they are."
        shell:
            "cp -v {params.listed:q} {output:q}.part > {log:q} 2>&1 && mv {output:q}.part {output:q}"


# A checkpoint, not a rule: once it has run, Snakemake plans the jobs behind it afresh.
checkpoint manifest:
    input:
        shards_of_split,
    output:
        manifest="<results>/data/{split}.json",
        digest="<results>/data/{split}.digest",
        ids="<results>/data/{split}.ids.npy",
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
        schema=literal_json(experiment.dataset.schema.as_json()),
        shards=shards_option,
        labels=needs_labels,
        enough=enough_videos,
        checks=checks_of,
        # Keeps what was found in each shard, so that only those are read that have changed.
        state=f"{RESULTS}/state/manifest/{{split}}",
        code=code_of(
            "yt8m.data.survey",
            "yt8m.data.same_videos",
            "yt8m.data.shard_list",
            "yt8m.paths",
        ),
    message:
        "Read and check every record of {wildcards.split}."
    shell:
        "python -m yt8m records manifest {params.shards} --split {wildcards.split}"
        " --schema {params.schema:q} {params.labels} {params.enough} --checks {params.checks:q}"
        " --threads {threads} --state {params.state:q} --out {output.manifest:q} > {log:q} 2>&1"


if SCORED:

    # Comes before training, behind all manifests; a checkpoint, so that nothing is trained again for its sake alone.
    checkpoint same_videos:
        input:
            records=compared_records,
            ids=hashed_ids,
            others=other_records,
            digests=digests_of(compared_records, other_records),
        output:
            found="<results>/data/same-videos.txt",
            digest=COMPARED,
        log:
            "<logs>/same_videos.log",
        benchmark:
            "<benchmarks>/same_videos.tsv"
        conda:
            "../../envs/yt8m.yaml"
        resources:
            gpu=need("light", "gpu"),
            mem_mb=need("light", "mem_mb"),
            runtime=minutes("light"),
        params:
            checks=all_checks,
            code=code_of("yt8m.data.same_videos"),
        message:
            "Look for videos that are learnt from and scored on as well."
        shell:
            "python -m yt8m records compare {input.records:q}"
            " --checks {params.checks:q} --out {output.found:q} > {log:q} 2>&1"
