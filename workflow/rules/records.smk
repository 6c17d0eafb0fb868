# Shards, if the source makes them, the manifest of each split, and videos that splits share.
#
# NEEDS  the settings of `dataset`; existing shards, if its source names them; data/downloaded/, if
#        they are downloaded
# GIVES  data/<split>.json, .digest and .ids.npy; of a split with many shards also data/surveyed/,
#        what was found in parts of it; data/duplicate-videos.digest


if experiment.dataset.source.makes_shards:

    rule make_shard:
        input:
            files=at_once(plan.shard_inputs),
            projections=at_once(plan.projections),
            extracted=at_once(plan.extracted),
        output:
            shard=layout.shard("{split}", "{shard}", "{shards}"),
            left_out=plan.left_out_beside(layout.shard("{split}", "{shard}", "{shards}")),
        log:
            "<logs>/make_shard/{split}-{shard}-of-{shards}.log",
        benchmark:
            "<benchmarks>/make_shard/{split}-{shard}-of-{shards}.tsv"
        conda:
            "../../envs/yt8m.yaml"
        threads: need("light", "threads")
        resources:
            **job("light"),
        params:
            schema=tracked(entries.schema),
            source=tracked(flags.source),
            rows=tracked(flags.rows),
            projections=tracked(flags.projections),
            extracted=tracked(flags.extracted),
            inputs=tracked(input_files.inputs_state),
            code=code.of_source(),
        message:
            "Make shard {wildcards.shard} of {wildcards.split}."
        shell:
            "python -m yt8m records make --schema {params.schema:q} {params.source}"
            " {params.rows} {params.projections} {params.extracted}"
            " --split {wildcards.split} --out {output.shard:q} > {log:q} 2>&1"


if not (experiment.dataset.source.makes_shards or plan.downloads):

    # Existing files are identified by name, size, times and inode, not by which is newer: a
    # replaced shard is read again, however old it looks.
    rule sources:
        output:
            layout.shard_list("{split}"),
        log:
            "<logs>/sources/{split}.log",
        benchmark:
            "<benchmarks>/sources/{split}.tsv"
        localrule: True
        conda:
            "../../envs/yt8m.yaml"
        params:
            shards=tracked(input_files.shards_state),
            found=untracked(input_files.shard_list),
            code=script_file("sources").code,
        message:
            "List the shards of {wildcards.split}."
        script:
            script_file("sources").path


if plan.surveyed_splits:

    if not (experiment.dataset.source.makes_shards or plan.downloads):

        use rule sources as sources_of_part with:
            output:
                layout.shard_list_part("{split}", "{shard}", "{shards}"),
            log:
                "<logs>/sources_of_part/{split}-{shard}-of-{shards}.log",
            benchmark:
                "<benchmarks>/sources_of_part/{split}-{shard}-of-{shards}.tsv"
            params:
                shards=tracked(input_files.part_state),
                found=untracked(input_files.part_list),
            message:
                "List the shards of part {wildcards.shard} of {wildcards.split}."

    rule survey:
        input:
            at_once(plan.part_inputs),
        output:
            layout.surveyed("{split}", "{shard}", "{shards}"),
        log:
            "<logs>/survey/{split}-{shard}-of-{shards}.log",
        benchmark:
            "<benchmarks>/survey/{split}-{shard}-of-{shards}.tsv"
        conda:
            "../../envs/yt8m.yaml"
        threads: need("records", "threads")
        resources:
            **job("records"),
        params:
            schema=tracked(entries.schema),
            part=tracked(flags.part),
            # As for `manifest`, which reads what is found here instead of the shards.
            state=real.state("survey", "{split}-{shard}-of-{shards}"),
            code=code_of("yt8m.data.survey", "yt8m.data.survey_parts", "yt8m.data.shard_list"),
        message:
            "Read and check every record of part {wildcards.shard} of {wildcards.split}."
        shell:
            "python -m yt8m records survey {params.part} --split {wildcards.split}"
            " --schema {params.schema:q} --threads {threads} --state {params.state:q}"
            " --out {output:q} > {log:q} 2>&1"


# A checkpoint, not a rule: after it has run, Snakemake plans all downstream jobs again.
checkpoint manifest:
    input:
        at_once(plan.manifest_inputs),
    output:
        manifest=layout.manifest("{split}"),
        digest=plan.digest("{split}"),
        ids=layout.hashed_ids("{split}"),
    log:
        "<logs>/manifest/{split}.log",
    benchmark:
        "<benchmarks>/manifest/{split}.tsv"
    conda:
        "../../envs/yt8m.yaml"
    threads: need("records", "threads")
    resources:
        **job("records"),
    params:
        schema=tracked(entries.schema),
        shards=tracked(flags.shards),
        labels=tracked(flags.needs_labels),
        enough=untracked(flags.enough_videos),
        limit=tracked(flags.limit),
        checks=untracked(entries.checks),
        # Keeps what was found in each shard, so that only changed shards are read again.
        state=real.state("manifest", "{split}"),
        code=code_of(
            "yt8m.data.survey",
            "yt8m.data.survey_parts",
            "yt8m.data.duplicates",
            "yt8m.data.limit",
            "yt8m.data.shard_list",
        ),
    message:
        "Read and check every record of {wildcards.split}."
    shell:
        "python -m yt8m records manifest {params.shards} --split {wildcards.split}"
        " --schema {params.schema:q} {params.labels} {params.enough} {params.limit}"
        " --checks {params.checks:q} --threads {threads} --state {params.state:q} --out {output.manifest:q} > {log:q} 2>&1"


COMPARISON = ["yt8m.data.duplicates", *(["yt8m.video.copies"] if plan.videos else [])]

if plan.evaluated:

    # After all manifests and before training; a checkpoint, so that a rerun with the same result
    # retrains nothing.
    checkpoint find_duplicates:
        input:
            records=at_once(plan.compared),
            ids=at_once(plan.hashed_ids),
            others=at_once(plan.not_compared),
            digests=at_once(plan.all_digests),
        output:
            **layout.comparison,
        log:
            "<logs>/find_duplicates.log",
        benchmark:
            "<benchmarks>/find_duplicates.tsv"
        conda:
            "../../envs/yt8m.yaml"
        resources:
            **job("light"),
        params:
            checks=untracked(entries.all_checks),
            videos=untracked(flags.compared_videos),
            code=code_of(*COMPARISON),
        message:
            "Find videos that are both trained on and evaluated on."
        shell:
            "python -m yt8m records find-duplicates {input.records:q}"
            " --checks {params.checks:q} {params.videos} --out {output.found:q} > {log:q} 2>&1"
