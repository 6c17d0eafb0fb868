# Soft labels: a teacher's predictions on the training split, shard by shard.
#
# NEEDS  a teacher's fingerprint and graph; the manifest of the training split
# GIVES  distillation/<teacher>/manifest.json and its shards

jobs = plan.shard_jobs


rule distil:
    input:
        fingerprint=after("{teacher}", layout.fingerprint("{teacher}")),
        # Must exist; its date is ignored, because the fingerprint covers its content.
        graph=after("{teacher}", Undated(layout.graph("{teacher}"))),
        records=after("{teacher}", plan.records(plan.train)),
        digests=after("{teacher}", plan.digest(plan.train)),
    output:
        [layout.distilled_shard("{teacher}", f"{{job}}{p}", jobs.total) for p in jobs.places],
    log:
        "<logs>/distil/{teacher}-{job}.log",
    benchmark:
        "<benchmarks>/distil/{teacher}-{job}.tsv"
    wildcard_constraints:
        job=f"[0-9]{{{jobs.job_digits}}}",
    conda:
        "../../envs/yt8m.yaml"
    threads: need("distil", "threads")
    resources:
        **job("distil"),
    params:
        numbers=tracked(jobs.of_job),
        layout=experiment.distillation.layout,
        keep=experiment.distillation.keep,
        batch_size=experiment.inference.batch_size,
        folder=subpath(input.fingerprint, parent=True),
        origin=untracked(flags.teacher_derived_from),
        # A folder of its own, so that the job may delete leftovers of another teacher.
        state=real.state("distil", "{teacher}", "{job}"),
        code=code_of("yt8m.outputs.distillation"),
        out=subpath(output[0], parent=True),
    message:
        "Distil {wildcards.teacher}: write shards {params.numbers} of soft labels."
    shell:
        "python -m yt8m distil {params.folder:q} --records {input.records:q}"
        " --shards {params.numbers} --layout {params.layout} --keep {params.keep}"
        " --batch-size {params.batch_size} --threads {threads} --gpus {resources.gpu}"
        " {params.origin} --state {params.state:q} --out {params.out:q} > {log:q} 2>&1"


if jobs.rest:

    # The last job has fewer shards: the general rule would promise shards that do not exist.
    ruleorder: distil_rest > distil

    use rule distil as distil_rest with:
        output:
            [layout.distilled_shard("{teacher}", number, jobs.total) for number in jobs.rest],
        log:
            "<logs>/distil/{teacher}-rest.log",
        benchmark:
            "<benchmarks>/distil/{teacher}-rest.tsv"
        params:
            numbers=jobs.of_rest,
            state=real.state("distil", "{teacher}", "rest"),


if plan.soft_label_parts:

    rule survey_distilled:
        input:
            after("{teacher}", plan.soft_label_part),
        output:
            layout.surveyed_soft_labels("{teacher}", "{shard}", "{shards}"),
        log:
            "<logs>/survey_distilled/{teacher}-{shard}-of-{shards}.log",
        benchmark:
            "<benchmarks>/survey_distilled/{teacher}-{shard}-of-{shards}.tsv"
        conda:
            "../../envs/yt8m.yaml"
        threads: need("records", "threads")
        resources:
            **job("records"),
        params:
            schema=tracked(entries.schema),
            part=tracked(flags.soft_label_part),
            split=plan.train,
            state=real.state("survey_distilled", "{teacher}-{shard}-of-{shards}"),
            code=code_of("yt8m.data.survey", "yt8m.data.survey_parts"),
        message:
            "Read and check part {wildcards.shard} of the distilled shards of {wildcards.teacher}."
        shell:
            "python -m yt8m records survey {params.part} --split {params.split}"
            " --schema {params.schema:q} --threads {threads} --state {params.state:q}"
            " --out {output:q} > {log:q} 2>&1"


rule distilled_manifest:
    input:
        after("{teacher}", plan.soft_label_manifest_inputs),
    output:
        manifest=layout.distilled("{teacher}"),
        digest=digest_beside(layout.distilled("{teacher}")),
    log:
        "<logs>/distilled_manifest/{teacher}.log",
    benchmark:
        "<benchmarks>/distilled_manifest/{teacher}.tsv"
    conda:
        "../../envs/yt8m.yaml"
    threads: need("records", "threads")
    resources:
        **job("records"),
    params:
        schema=tracked(entries.schema),
        shards=tracked(flags.soft_label_shards),
        soft_labels_of=tracked(flags.soft_labels_of),
        split=plan.train,
        checks=untracked(entries.training_checks),
        state=real.state("distilled_manifest", "{teacher}"),
        code=code_of("yt8m.data.survey", "yt8m.data.survey_parts", "yt8m.data.duplicates"),
    message:
        "Check and list the distilled shards of {wildcards.teacher}."
    shell:
        "python -m yt8m records manifest {params.shards} {params.soft_labels_of}"
        " --schema {params.schema:q} --split {params.split} --checks {params.checks:q}"
        " --threads {threads} --state {params.state:q}"
        " --out {output.manifest:q} > {log:q} 2>&1"
