# A model's settings, its training and the averaging of its weights.

TRAINING_MANIFEST = f"<results>/data/{experiment.run.train}.json"
TRAINING_WORDS = ("recipe", "schema", "training", "teacher", "teacher_weight")


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


def soft_labels_option(wildcards, input):
    """The command's option for them."""
    return f"--soft-labels {input.soft_labels}" if input.soft_labels else ""


rule model_config:
    message:
        "Write down the settings of {wildcards.model}."
    output:
        "<results>/models/{model}/config.json",
    log:
        "<logs>/model_config/{model}.log",
    conda:
        "../../envs/yt8m.yaml"
    priority: 100
    resources:
        gpu=need("light", "gpu"),
        mem_mb=need("light", "mem_mb"),
        runtime=minutes("light"),
    params:
        entry=whole_entry,
    shell:
        "python -m yt8m configure --entry {params.entry:q} --out {output:q} > {log:q} 2>&1"


rule train:
    message:
        "Train {wildcards.model}."
    input:
        # Its date says nothing: `settings` holds what training depends on.
        config=ancient("<results>/models/{model}/config.json"),
        records=training_records,
        soft_labels=soft_labels,
    output:
        weights="<results>/models/{model}/trained/weights.safetensors",
        history="<results>/models/{model}/trained/history.csv",
    log:
        "<logs>/train/{model}.log",
    benchmark:
        "<benchmarks>/train/{model}.tsv"
    conda:
        "../../envs/yt8m.yaml"
    threads: need("train", "threads")
    resources:
        gpu=need("train", "gpu"),
        mem_mb=need("train", "mem_mb"),
        runtime=minutes("train"),
    params:
        settings=entry_words(*TRAINING_WORDS),
        code=model_code("yt8m.training.run"),
        soft_labels=soft_labels_option,
        # Not outputs: those are deleted before a job starts and after it fails.
        state=f"{RESULTS}/state/train/{{model}}",
        tensorboard=f"{RESULTS}/logs/tensorboard/{{model}}/trained",
        out=subpath(output.weights, parent=True),
    shell:
        "python -m yt8m train {input.config:q} --records {input.records:q} {params.soft_labels}"
        " --state {params.state:q} --tensorboard {params.tensorboard:q} --threads {threads}"
        " --out {params.out:q} > {log:q} 2>&1"


rule ema:
    message:
        "Train {wildcards.model} on and average its weights."
    input:
        config=ancient("<results>/models/{model}/config.json"),
        weights=after_own_teacher("<results>/models/{model}/trained/weights.safetensors"),
        records=training_records,
        soft_labels=soft_labels,
    output:
        weights="<results>/models/{model}/ema/weights.safetensors",
        history="<results>/models/{model}/ema/history.csv",
    log:
        "<logs>/ema/{model}.log",
    benchmark:
        "<benchmarks>/ema/{model}.tsv"
    conda:
        "../../envs/yt8m.yaml"
    threads: need("train", "threads")
    resources:
        gpu=need("train", "gpu"),
        mem_mb=need("train", "mem_mb"),
        runtime=minutes("train"),
    params:
        settings=entry_words(*TRAINING_WORDS, "ema"),
        code=model_code("yt8m.training.run"),
        soft_labels=soft_labels_option,
        state=f"{RESULTS}/state/ema/{{model}}",
        tensorboard=f"{RESULTS}/logs/tensorboard/{{model}}/ema",
        out=subpath(output.weights, parent=True),
    shell:
        "python -m yt8m ema {input.config:q} --source {input.weights:q}"
        " --records {input.records:q} {params.soft_labels} --state {params.state:q}"
        " --tensorboard {params.tensorboard:q} --threads {threads}"
        " --out {params.out:q} > {log:q} 2>&1"
