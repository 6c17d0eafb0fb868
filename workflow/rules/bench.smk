# How fast the library is on this machine, beside plain ways to the same end. Nothing asks for it:
#
#     snakemake bench --cores all


rule bench:
    output:
        table="<benchmarks>/table/benchmarks.md",
        numbers="<benchmarks>/table/benchmarks.json",
    log:
        "<logs>/bench.log",
    benchmark:
        "<benchmarks>/bench.tsv"
    conda:
        "../../envs/yt8m.yaml"
    threads: 8
    resources:
        mem_mb=8000,
        runtime=60,
    params:
        folder=subpath(output.table, parent=True),
    message:
        "Time the library beside plain ways."
    shell:
        "python -m benchmarks --out {params.folder:q} > {log:q} 2>&1"
