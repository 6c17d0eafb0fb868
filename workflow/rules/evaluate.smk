# How good each model is at each stage, and each ensemble.


rule evaluate:
    input:
        weights=after_own_teacher("<results>/models/{model}/{stage}/weights.safetensors"),
        records=records_of_split,
        digests=digests_of(records_of_split),
        names=LABEL_NAMES,
    output:
        metrics="<results>/models/{model}/{stage}/metrics.{split}.json",
        classes="<results>/models/{model}/{stage}/classes.{split}.parquet",
    log:
        "<logs>/evaluate/{model}-{stage}-{split}.log",
    benchmark:
        "<benchmarks>/evaluate/{model}-{stage}-{split}.tsv"
    priority: -1  # nothing but the report waits for scores
    conda:
        "../../envs/yt8m.yaml"
    threads: need("infer", "threads")
    resources:
        gpu=need("infer", "gpu"),
        mem_mb=need("infer", "mem_mb"),
        runtime=minutes("infer"),
    params:
        folder=subpath(input.weights, parent=True),
        options=infer_options(experiment),
        names=label_names_option,
        given=named_content(label_names=LABEL_NAMES),
        origin=own_learnt_from,
        code=stored_model_code(*EVALUATION),
    message:
        "Score {wildcards.model}, {wildcards.stage}, on {wildcards.split}."
    shell:
        "python -m yt8m evaluate {params.folder:q} --records {input.records:q} {params.options}"
        " {params.names} {params.origin} --threads {threads} --gpus {resources.gpu}"
        " --classes-out {output.classes:q} --out {output.metrics:q} > {log:q} 2>&1"


use rule evaluate as evaluate_ensemble with:
    input:
        weights=after_own_ensemble("<results>/ensembles/{ensemble}/fingerprint.json"),
        graph=ancient("<results>/ensembles/{ensemble}/graph/saved_model.pb"),
        records=records_of_split,
        digests=digests_of(records_of_split),
        names=LABEL_NAMES,
    output:
        metrics="<results>/ensembles/{ensemble}/metrics.{split}.json",
        classes="<results>/ensembles/{ensemble}/classes.{split}.parquet",
    log:
        "<logs>/evaluate_ensemble/{ensemble}-{split}.log",
    benchmark:
        "<benchmarks>/evaluate_ensemble/{ensemble}-{split}.tsv"
    params:
        origin=own_made_of,
        code=code_of(*EVALUATION),
    message:
        "Score the ensemble {wildcards.ensemble} on {wildcards.split}."
