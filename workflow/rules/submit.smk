# The predictions of an ensemble, and the challenge's CSV.


rule predict:
    input:
        fingerprint=after_own_ensemble("<results>/ensembles/{ensemble}/fingerprint.json"),
        graph=ancient("<results>/ensembles/{ensemble}/graph/saved_model.pb"),
        records=records_of_split,
        digests=digests_of(records_of_split),
    output:
        "<results>/predictions/{ensemble}/{split}.parquet",
    log:
        "<logs>/predict/{ensemble}-{split}.log",
    benchmark:
        "<benchmarks>/predict/{ensemble}-{split}.tsv"
    conda:
        "../../envs/yt8m.yaml"
    threads: need("infer", "threads")
    resources:
        gpu=need("infer", "gpu"),
        mem_mb=need("infer", "mem_mb"),
        runtime=minutes("infer"),
    params:
        folder=subpath(input.fingerprint, parent=True),
        options=infer_options(experiment),
        origin=own_made_of,
        code=code_of("yt8m.outputs.split_predictions"),
        state=f"{RESULTS}/state/predict/{{ensemble}}-{{split}}",
    message:
        "Predict {wildcards.split} with {wildcards.ensemble}."
    shell:
        "python -m yt8m predict {params.folder:q} --records {input.records:q} {params.options}"
        " {params.origin} --threads {threads} --gpus {resources.gpu} --state {params.state:q}"
        " --out {output:q} > {log:q} 2>&1"


rule submit:
    input:
        after_own_ensemble("<results>/predictions/{ensemble}/{split}.parquet"),
    output:
        "<results>/predictions/{ensemble}/{split}.csv",
    log:
        "<logs>/submit/{ensemble}-{split}.log",
    benchmark:
        "<benchmarks>/submit/{ensemble}-{split}.tsv"
    conda:
        "../../envs/yt8m.yaml"
    resources:
        gpu=need("light", "gpu"),
        mem_mb=need("light", "mem_mb"),
        runtime=minutes("light"),
    params:
        top_k=experiment.inference.top_k,
        origin=own_predictions_of,
        code=code_of("yt8m.outputs.submission", "yt8m.data.manifest"),
    message:
        "Write the submission of {wildcards.ensemble} for {wildcards.split}."
    shell:
        "python -m yt8m submit {input:q} --top-k {params.top_k} --odd-ids escape {params.origin}"
        " --out {output:q} > {log:q} 2>&1"
