# Single models: settings, training, averaging, quantisation, and the metrics of each stage.
#
# NEEDS  manifests; for a student, its teacher's soft labels
# GIVES  models/<model>/{trained,ema,quantised}/ with weights.safetensors and metrics.<split>.json


rule model_config:
    output:
        layout.config("{model}", "{part}"),
    log:
        "<logs>/model_config/{model}/{part}config.log",
    benchmark:
        "<benchmarks>/model_config/{model}/{part}config.tsv"
    priority: 100
    localrule: True
    conda:
        "../../envs/yt8m.yaml"
    resources:
        **job("light"),
    params:
        entry=tracked(entries.model),
        code=script_file("model_config").code,
    message:
        "Write the settings of {wildcards.model}."
    script:
        script_file("model_config").path


rule train:
    input:
        config=layout.config("{model}", "trained/"),
        records=after(plan.teachers_of_model, plan.training_records),
        soft_labels=after(plan.teachers_of_model, plan.soft_labels),
        validation=after(plan.teachers_of_model, plan.validation_records),
        digests=after(plan.teachers_of_model, plan.training_digests),
        compared=plan.comparison,
    output:
        **layout.fitted("{model}", "trained"),
    log:
        "<logs>/train/{model}.log",
    benchmark:
        "<benchmarks>/train/{model}.tsv"
    conda:
        "../../envs/yt8m.yaml"
    threads: need("train", "threads")
    resources:
        **job("train"),
    params:
        code=tracked(code.of_training),
        soft_labels=tracked(flags.soft_labels),
        validation=tracked(flags.validation),
        # Not outputs, which Snakemake deletes before a job starts and after it fails.
        state=real.state("train", "{model}"),
        tensorboard=real.tensorboard("{model}", "trained"),
        together=together("train"),
        launcher=untracked(flags.launcher),
        workers=untracked(flags.workers),
        out=subpath(output.weights, parent=True),
    message:
        "Train {wildcards.model}."
    shell:
        "{params.launcher} python -m yt8m train {input.config:q} --records {input.records:q}"
        " {params.soft_labels} {params.validation}"
        " --state {params.state:q} --state-seconds {resources.state_seconds}"
        " --tensorboard {params.tensorboard:q} --threads {threads} --gpus {resources.gpu}"
        " {params.together} {params.workers}"
        " --out {params.out:q} > {log:q} 2>&1"


rule ema:
    input:
        config=layout.config("{model}", "ema/"),
        weights=after(plan.teachers_of_model, layout.weights("{model}", "trained")),
        records=after(plan.teachers_of_model, plan.training_records),
        soft_labels=after(plan.teachers_of_model, plan.soft_labels),
        validation=after(plan.teachers_of_model, plan.validation_records),
        digests=after(plan.teachers_of_model, plan.training_digests),
    output:
        **layout.fitted("{model}", "ema"),
    log:
        "<logs>/ema/{model}.log",
    benchmark:
        "<benchmarks>/ema/{model}.tsv"
    conda:
        "../../envs/yt8m.yaml"
    threads: need("train", "threads")
    resources:
        **job("train"),
    params:
        code=tracked(code.of_training),
        soft_labels=tracked(flags.soft_labels),
        validation=tracked(flags.validation),
        trained_on=untracked(flags.trained_on),
        state=real.state("ema", "{model}"),
        tensorboard=real.tensorboard("{model}", "ema"),
        together=together("ema"),
        launcher=untracked(flags.launcher),
        workers=untracked(flags.workers),
        out=subpath(output.weights, parent=True),
    message:
        "Continue training {wildcards.model} and average its weights."
    shell:
        "{params.launcher} python -m yt8m ema {input.config:q} --source {input.weights:q}"
        " {params.trained_on} --records {input.records:q} {params.soft_labels} {params.validation}"
        " --state {params.state:q} --state-seconds {resources.state_seconds}"
        " --tensorboard {params.tensorboard:q} --threads {threads} --gpus {resources.gpu}"
        " {params.together} {params.workers}"
        " --out {params.out:q} > {log:q} 2>&1"


rule quantise:
    input:
        config=layout.config("{model}"),
        weights=after(plan.teachers_of_model, layout.weights("{model}", "ema")),
    output:
        **layout.quantised("{model}"),
    log:
        "<logs>/quantise/{model}.log",
    benchmark:
        "<benchmarks>/quantise/{model}.tsv"
    conda:
        "../../envs/yt8m.yaml"
    threads: need("quantise", "threads")
    resources:
        **job("quantise"),
    params:
        code=quantiser_code("yt8m.quantisation"),
        trained_on=untracked(flags.trained_on),
        out=subpath(output.weights, parent=True),
    message:
        "Quantise the averaged weights of {wildcards.model}."
    shell:
        "python -m yt8m quantise {input.config:q} --source {input.weights:q}"
        " {params.trained_on} --out {params.out:q} > {log:q} 2>&1"


EVALUATION = [
    "yt8m.outputs.evaluation",
    "yt8m.metrics.files",
    "yt8m.metrics.video_files",
    "yt8m.data.label_names",
]


rule evaluate:
    input:
        weights=after(plan.teachers_of_model, layout.weights("{model}", "{stage}")),
        records=after(NOBODY, plan.records),
        digests=after(NOBODY, plan.digest),
        names=at_once(plan.label_names),
    output:
        **metric_files(layout.stage("{model}", "{stage}"), "{split}"),
    log:
        "<logs>/evaluate/{model}-{stage}-{split}.log",
    benchmark:
        "<benchmarks>/evaluate/{model}-{stage}-{split}.tsv"
    priority: -1  # only the report and the archive wait for metrics
    conda:
        "../../envs/yt8m.yaml"
    threads: need("infer", "threads")
    resources:
        **job("infer"),
    params:
        folder=subpath(input.weights, parent=True),
        options=flags.inference,
        names=tracked(flags.label_names),
        input_files=tracked(input_files.label_names),
        observed="",
        origin=untracked(flags.trained_on),
        together=evaluated_together,
        code=stored_model_code(*EVALUATION),
    message:
        "Evaluate {wildcards.model}, stage {wildcards.stage}, on {wildcards.split}."
    shell:
        "python -m yt8m evaluate {params.folder:q} --records {input.records:q} {params.options}"
        " {params.names} {params.origin} {params.together} {params.observed}"
        " --threads {threads} --gpus {resources.gpu}"
        " --classes-out {output.classes:q} --videos-out {output.videos:q} --out {output.metrics:q}"
        " > {log:q} 2>&1"
