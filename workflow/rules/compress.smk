# Large variables as codes.


rule quantise:
    input:
        config="<results>/models/{model}/config.json",
        weights=after_own_teacher("<results>/models/{model}/ema/weights.safetensors"),
    output:
        weights="<results>/models/{model}/quantised/weights.safetensors",
        sizes="<results>/models/{model}/quantised/sizes.json",
    log:
        "<logs>/quantise/{model}.log",
    benchmark:
        "<benchmarks>/quantise/{model}.tsv"
    conda:
        "../../envs/yt8m.yaml"
    threads: need("quantise", "threads")
    resources:
        gpu=need("quantise", "gpu"),
        mem_mb=need("quantise", "mem_mb"),
        runtime=minutes("quantise"),
    params:
        code=quantise_code,
        learnt_from=own_learnt_from,
        out=subpath(output.weights, parent=True),
    message:
        "Quantise the averaged weights of {wildcards.model}."
    shell:
        "python -m yt8m quantise {input.config:q} --source {input.weights:q}"
        " {params.learnt_from} --out {params.out:q} > {log:q} 2>&1"
