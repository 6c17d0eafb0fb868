# A teacher's predictions on the training split, shard by shard.

SHARDS = number_of_shards(experiment.run.train)
SHARDS_A_JOB = experiment.distillation.shards_per_job
DIGITS = len(str(SHARDS_A_JOB)) - 1  # of a shard's number that stand for its place in a job
PLACES = [f"{i:0{DIGITS}d}" if DIGITS else "" for i in range(SHARDS_A_JOB)]
WHOLE_JOBS = SHARDS // SHARDS_A_JOB * SHARDS_A_JOB  # shards in jobs that are full
DISTILLED = "<results>/distillation/{{teacher}}/shard-{number}-of-" + f"{SHARDS:05d}.tfrecord"


def distilled_shards(wildcards):
    """All of a teacher's shards, once its fingerprint is known."""
    wait_for([wildcards.teacher])
    numbers = [f"{i:05d}" for i in range(SHARDS)]
    return [p.format(teacher=wildcards.teacher) for p in expand(DISTILLED, number=numbers)]


def distilled_manifests(wildcards):
    """The manifests of all teachers' shards."""
    wait_for(TEACHERS)
    return expand("<results>/distillation/{teacher}/manifest.json", teacher=TEACHERS)


def distilled_pattern(wildcards):
    """A pattern that matches a teacher's shards and nothing else."""
    return f"{RESULTS}/distillation/{wildcards.teacher}/shard-*-of-{SHARDS:05d}.tfrecord"


def soft_labels_of(wildcards):
    """The option that says whose labels these are; `full` shards stand alone."""
    full = experiment.distillation.layout == "full"
    return "" if full else f"--soft-labels-of {RESULTS}/data/{experiment.run.train}.json"


def job_of_shards(wildcards):
    """The numbers of the shards of one job, as the command wants them."""
    first = int(wildcards.job) * SHARDS_A_JOB
    return f"{first}-{first + SHARDS_A_JOB - 1}"


rule distil:
    message:
        "Write shards {params.numbers} of {wildcards.teacher}'s predictions."
    input:
        fingerprint=after_teacher("<results>/ensembles/{teacher}/fingerprint.json"),
        # Must exist, but its date says nothing: the fingerprint speaks for it.
        graph=ancient("<results>/ensembles/{teacher}/graph/saved_model.pb"),
        records=TRAINING_MANIFEST,
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
        state=f"{RESULTS}/state/distil/{{teacher}}",
        code=code_of("yt8m.outputs.distillation"),
        out=subpath(output[0], parent=True),
    shell:
        "python -m yt8m distil {params.folder:q} --records {input.records:q}"
        " --shards {params.numbers} --layout {params.layout} --keep {params.keep}"
        " --batch-size {params.batch_size} --threads {threads} --state {params.state:q}"
        " --out {params.out:q} > {log:q} 2>&1"


if WHOLE_JOBS < SHARDS:

    use rule distil as distil_rest with:
        output:
            expand(DISTILLED, number=[f"{i:05d}" for i in range(WHOLE_JOBS, SHARDS)]),
        log:
            "<logs>/distil/{teacher}-rest.log",
        benchmark:
            "<benchmarks>/distil/{teacher}-rest.tsv"
        params:
            numbers=f"{WHOLE_JOBS}-{SHARDS - 1}",


rule distilled_manifest:
    message:
        "Check and list the distilled shards of {wildcards.teacher}."
    input:
        distilled_shards,
    output:
        "<results>/distillation/{teacher}/manifest.json",
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
        schema=as_json(experiment.dataset.schema.as_json()),
        pattern=distilled_pattern,
        soft_labels_of=soft_labels_of,
        split=experiment.run.train,
    shell:
        "python -m yt8m records manifest {params.pattern:q} {params.soft_labels_of}"
        " --schema {params.schema:q} --split {params.split} --threads {threads}"
        " --out {output:q} > {log:q} 2>&1"
