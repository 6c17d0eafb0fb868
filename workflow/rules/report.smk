# One page that tells how it went.


rule report:
    input:
        unpack(reported),
    output:
        report("<results>/report.html", category="Report", labels={"what": "all results"}),
    log:
        "<logs>/report.log",
    conda:
        "../../envs/yt8m.yaml"
    resources:
        gpu=need("light", "gpu"),
        mem_mb=need("light", "mem_mb"),
        runtime=minutes("light"),
    params:
        results=subpath(output[0], parent=True),
        models=[f"--model {name}" for name in MODELS],
        ensembles=[f"--ensemble {name}" for name in ENSEMBLES],
        splits=[f"--split {name}" for name in experiment.run.evaluate],
        final=experiment.run.final,
        train=experiment.run.train,
        title=experiment.title,
        code=code_of("yt8m.report.page", "yt8m.report.reading"),
    message:
        "Write the report."
    shell:
        "python -m yt8m report {params.results:q} --title {params.title:q}"
        " --final {params.final} --train {params.train} {params.models} {params.ensembles} {params.splits}"
        " --out {output:q} > {log:q} 2>&1"
