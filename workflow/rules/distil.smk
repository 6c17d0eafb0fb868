# A teacher's predictions on the training split, shard by shard.


rule distil:
    input:
        fingerprint=after_teacher("<results>/ensembles/{teacher}/fingerprint.json"),
        # Must exist, but its date says nothing: the fingerprint speaks for it.
        graph=ancient("<results>/ensembles/{teacher}/graph/saved_model.pb"),
        records=records_learnt_from,
        digests=digests_of(records_learnt_from),
    output:
        expand(DISTILLED, number=[f"{{job}}{place}" for place in PLACES]),
    log:
        "<logs>/distil/{teacher}-{job}.log",
    benchmark:
        "<benchmarks>/distil/{teacher}-{job}.tsv"
    wildcard_constraints:
        job=f"[0-9]{{{5 - DIGITS}}}",
    conda:
        "../../envs/yt8m.yaml"
    threads: need("distil", "threads")
    resources:
        gpu=need("distil", "gpu"),
        mem_mb=need("distil", "mem_mb"),
        runtime=minutes("distil"),
    params:
        numbers=job_of_shards,
        layout=experiment.distillation.layout,
        keep=experiment.distillation.keep,
        batch_size=experiment.inference.batch_size,
        folder=subpath(input.fingerprint, parent=True),
        origin=teacher_made_of,
        # Its own folder, so that a job may remove what it finds there from another teacher.
        state=f"{RESULTS}/state/distil/{{teacher}}/{{job}}",
        code=code_of("yt8m.outputs.distillation"),
        out=subpath(output[0], parent=True),
    message:
        "Write shards {params.numbers} of {wildcards.teacher}'s predictions."
    shell:
        "python -m yt8m distil {params.folder:q} --records {input.records:q}"
        " --shards {params.numbers} --layout {params.layout} --keep {params.keep}"
        " --batch-size {params.batch_size} --threads {threads} --gpus {resources.gpu}"
        " {params.origin} --state {params.state:q} --out {params.out:q} > {log:q} 2>&1"


if WHOLE_JOBS < SHARDS:

    # The last job is not full: the general rule would promise shards that do not exist.
    ruleorder: distil_rest > distil

    use rule distil as distil_rest with:
        output:
            expand(DISTILLED, number=[f"{i:05d}" for i in range(WHOLE_JOBS, SHARDS)]),
        log:
            "<logs>/distil/{teacher}-rest.log",
        benchmark:
            "<benchmarks>/distil/{teacher}-rest.tsv"
        params:
            numbers=f"{WHOLE_JOBS}-{SHARDS - 1}",
            state=f"{RESULTS}/state/distil/{{teacher}}/rest",


rule distilled_manifest:
    input:
        distilled_shards,
    output:
        manifest="<results>/distillation/{teacher}/manifest.json",
        digest="<results>/distillation/{teacher}/manifest.digest",
    log:
        "<logs>/distilled_manifest/{teacher}.log",
    benchmark:
        "<benchmarks>/distilled_manifest/{teacher}.tsv"
    conda:
        "../../envs/yt8m.yaml"
    threads: need("records", "threads")
    resources:
        gpu=need("records", "gpu"),
        mem_mb=need("records", "mem_mb"),
        runtime=minutes("records"),
    params:
        schema=literal_json(experiment.dataset.schema.as_json()),
        pattern=distilled_pattern,
        soft_labels_of=soft_labels_of,
        split=experiment.run.train,
        checks=training_checks,
        state=f"{RESULTS}/state/distilled_manifest/{{teacher}}",
        code=code_of("yt8m.data.survey", "yt8m.data.same_videos", "yt8m.paths"),
    message:
        "Check and list the distilled shards of {wildcards.teacher}."
    shell:
        "python -m yt8m records manifest {params.pattern:q} {params.soft_labels_of}"
        " --schema {params.schema:q} --split {params.split} --checks {params.checks:q}"
        " --threads {threads} --state {params.state:q}"
        " --out {output.manifest:q} > {log:q} 2>&1"
