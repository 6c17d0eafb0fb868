# One page that tells how it went.


def reported(wildcards):
    """Everything that the report reads, once the final ensemble's fingerprint is known."""
    wait_for([experiment.run.final])
    stages = ["trained", "ema"]
    first_split = experiment.run.evaluate[0]
    return {
        "page": [CHECKOUT / "yt8m" / "report" / name for name in ["page.html", "style.css"]],
        "metrics": STAGE_METRICS + ENSEMBLE_METRICS,
        "classes": expand(
            "<results>/ensembles/{ensemble}/classes.{split}.parquet",
            ensemble=ENSEMBLES,
            split=first_split,
        ),
        "weights": expand(
            "<results>/models/{model}/{stage}/weights.safetensors", model=MODELS, stage=STAGES
        ),
        "descriptions": expand("<results>/ensembles/{ensemble}/ensemble.json", ensemble=ENSEMBLES),
        "distilled": distilled_manifests(wildcards),
        "histories": expand(
            "<results>/models/{model}/{stage}/history.csv", model=MODELS, stage=stages
        ),
        "sizes": expand("<results>/ensembles/{ensemble}/size.json", ensemble=ENSEMBLES),
        "stage_sizes": expand("<results>/models/{model}/quantised/sizes.json", model=MODELS),
        "configs": expand("<results>/models/{model}/config.json", model=MODELS),
        "manifests": MANIFESTS,
    }


rule report:
    message:
        "Write the report."
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
        results=RESULTS,
        models=[f"--model {name}" for name in MODELS],
        ensembles=[f"--ensemble {name}" for name in ENSEMBLES],
        splits=[f"--split {name}" for name in experiment.run.evaluate],
        final=experiment.run.final,
        train=experiment.run.train,
        title=experiment.title,
        code=code_of("yt8m.report.page", "yt8m.report.reading"),
    shell:
        "python -m yt8m report {params.results:q} --title {params.title:q}"
        " --final {params.final} --train {params.train} {params.models} {params.ensembles} {params.splits}"
        " --out {output:q} > {log:q} 2>&1"
