# A model's settings, its training and the averaging of its weights.


rule model_config:
    output:
        "<results>/models/{model}/{part}config.json",
    log:
        "<logs>/model_config/{model}/{part}config.log",
    benchmark:
        "<benchmarks>/model_config/{model}/{part}config.tsv"
    priority: 100
    conda:
        "../../envs/yt8m.yaml"
    resources:
        gpu=need("light", "gpu"),
        mem_mb=need("light", "mem_mb"),
        runtime=minutes("light"),
    params:
        entry=config_entry,
        code=code_of("yt8m.config.model"),
    message:
        "Write down the settings of {wildcards.model}."
    shell:
        "python -m yt8m configure --entry {params.entry:q} --out {output:q} > {log:q} 2>&1"


rule train:
    input:
        config="<results>/models/{model}/trained/config.json",
        records=training_records,
        soft_labels=soft_labels,
        digests=digests_of(training_records, soft_labels),
        compared=COMPARED,
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
        state_seconds=need("train", "state_seconds"),
    params:
        code=model_code("yt8m.training.run"),
        soft_labels=soft_labels_option,
        # Not outputs: those are deleted before a job starts and after it fails.
        state=f"{RESULTS}/state/train/{{model}}",
        tensorboard=f"{RESULTS}/logs/tensorboard/{{model}}/trained",
        out=subpath(output.weights, parent=True),
    message:
        "Train {wildcards.model}."
    shell:
        "python -m yt8m train {input.config:q} --records {input.records:q} {params.soft_labels}"
        " --state {params.state:q} --state-seconds {resources.state_seconds}"
        " --tensorboard {params.tensorboard:q} --threads {threads} --gpus {resources.gpu}"
        " --out {params.out:q} > {log:q} 2>&1"


rule ema:
    input:
        config="<results>/models/{model}/ema/config.json",
        weights=after_own_teacher("<results>/models/{model}/trained/weights.safetensors"),
        records=training_records,
        soft_labels=soft_labels,
        digests=digests_of(training_records, soft_labels),
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
        state_seconds=need("train", "state_seconds"),
    params:
        code=model_code("yt8m.training.run"),
        soft_labels=soft_labels_option,
        learnt_from=own_learnt_from,
        state=f"{RESULTS}/state/ema/{{model}}",
        tensorboard=f"{RESULTS}/logs/tensorboard/{{model}}/ema",
        out=subpath(output.weights, parent=True),
    message:
        "Train {wildcards.model} on and average its weights."
    shell:
        "python -m yt8m ema {input.config:q} --source {input.weights:q} {params.learnt_from}"
        " --records {input.records:q} {params.soft_labels}"
        " --state {params.state:q} --state-seconds {resources.state_seconds}"
        " --tensorboard {params.tensorboard:q} --threads {threads} --gpus {resources.gpu}"
        " --out {params.out:q} > {log:q} 2>&1"
