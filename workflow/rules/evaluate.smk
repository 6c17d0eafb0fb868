# How good each model is at each stage, and each ensemble.


def infer_options(experiment):
    """Options that every command with a graph takes."""
    inference = experiment.inference
    dummies = " --skip-dummies" if inference.skip_dummies else ""
    return f"--batch-size {inference.batch_size} --top-k {inference.top_k}{dummies}"


def label_names_option(experiment):
    """The option that names the classes in tables, where names are known."""
    names = experiment.dataset.label_names
    return f"--label-names {names}" if names else ""


rule evaluate:
    message:
        "Score {wildcards.model}, {wildcards.stage}, on {wildcards.split}."
    input:
        weights=after_own_teacher("<results>/models/{model}/{stage}/weights.safetensors"),
        records="<results>/data/{split}.json",
    output:
        metrics="<results>/models/{model}/{stage}/metrics.{split}.json",
        classes="<results>/models/{model}/{stage}/classes.{split}.parquet",
    log:
        "<logs>/evaluate/{model}-{stage}-{split}.log",
    benchmark:
        "<benchmarks>/evaluate/{model}-{stage}-{split}.tsv"
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
        names=label_names_option(experiment),
        code=code_of("yt8m.outputs.evaluation"),
    shell:
        "python -m yt8m evaluate {params.folder:q} --records {input.records:q} {params.options}"
        " {params.names} --threads {threads} --classes-out {output.classes:q}"
        " --out {output.metrics:q} > {log:q} 2>&1"


use rule evaluate as evaluate_ensemble with:
    message:
        "Score the ensemble {wildcards.ensemble} on {wildcards.split}."
    input:
        weights=after_own_ensemble("<results>/ensembles/{ensemble}/fingerprint.json"),
        graph=ancient("<results>/ensembles/{ensemble}/graph/saved_model.pb"),
        records="<results>/data/{split}.json",
    output:
        metrics="<results>/ensembles/{ensemble}/metrics.{split}.json",
        classes="<results>/ensembles/{ensemble}/classes.{split}.parquet",
    log:
        "<logs>/evaluate_ensemble/{ensemble}-{split}.log",
    benchmark:
        "<benchmarks>/evaluate_ensemble/{ensemble}-{split}.tsv"
