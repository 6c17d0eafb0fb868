# Final outputs: predictions, the challenge's CSV, what the run was made with, intervals, the report.
#
# NEEDS  fingerprints and graphs of ensembles; for the report, everything
# GIVES  predictions/<ensemble>/<split>.{parquet,csv}, run.json, confidence.<split>.parquet, report.html

import time

from yt8m.report.end_message import end_message, stamp
from yt8m.report.failure_message import failure_message

PAGE_BEFORE = stamp(Path(real.report))
BEGIN = time.time()


onsuccess:
    if text := end_message(real, PAGE_BEFORE):
        print(text)


onerror:
    if workflow.is_main_process and (text := failure_message(Path(real.root), BEGIN)):
        print(text)


rule predict:
    input:
        fingerprint=after("{ensemble}", layout.fingerprint("{ensemble}")),
        graph=after("{ensemble}", Undated(layout.graph("{ensemble}"))),
        records=after(NOBODY, plan.records),
        digests=after(NOBODY, plan.digest),
    output:
        layout.predictions("{ensemble}", "{split}", "parquet"),
    log:
        "<logs>/predict/{ensemble}-{split}.log",
    benchmark:
        "<benchmarks>/predict/{ensemble}-{split}.tsv"
    conda:
        "../../envs/yt8m.yaml"
    threads: need("infer", "threads")
    resources:
        **job("infer"),
    params:
        folder=subpath(input.fingerprint, parent=True),
        options=flags.inference,
        part="",
        origin=untracked(flags.derived_from),
        code=code_of("yt8m.outputs.split_predictions"),
        state=real.state("predict", "{ensemble}-{split}"),
    message:
        "Predict {wildcards.split} with {wildcards.ensemble}."
    shell:
        "python -m yt8m predict {params.folder:q} --records {input.records:q} {params.options}"
        " {params.part} {params.origin} --threads {threads} --gpus {resources.gpu}"
        " --state {params.state:q} --out {output:q} > {log:q} 2>&1"


rule submit:
    input:
        after("{ensemble}", layout.predictions("{ensemble}", "{split}", "parquet")),
    output:
        layout.predictions("{ensemble}", "{split}", "csv"),
    log:
        "<logs>/submit/{ensemble}-{split}.log",
    benchmark:
        "<benchmarks>/submit/{ensemble}-{split}.tsv"
    conda:
        "../../envs/yt8m.yaml"
    resources:
        **job("light"),
    params:
        top_k=experiment.inference.top_k,
        origin=untracked(flags.predictions_of),
        code=code_of("yt8m.outputs.submission", "yt8m.data.manifest"),
    message:
        "Write the submission of {wildcards.ensemble} for {wildcards.split}."
    shell:
        "python -m yt8m submit {input:q} --top-k {params.top_k} --unsafe-ids escape {params.origin}"
        " --out {output:q} > {log:q} 2>&1"


rule provenance:
    input:
        after([plan.final, *plan.teachers], targets.weights_and_graphs),
    output:
        layout.run,
    log:
        "<logs>/provenance.log",
    benchmark:
        "<benchmarks>/provenance.tsv"
    conda:
        "../../envs/yt8m.yaml"
    threads: need("light", "threads")
    resources:
        # With the GPUs of training, so that it sees the device that models are trained on.
        **{**job("light"), "gpu": need("train", "gpu")},
    params:
        settings=tracked(entries.whole),
        made=tracked(entries.made),
        code=script_file("provenance").code,
    message:
        "Record settings, versions and device of this run."
    script:
        script_file("provenance").path


rule confidence:
    input:
        unpack(after([plan.final, *plan.teachers], targets.resampled)),
    output:
        layout.resamples(plan.shown),
    log:
        "<logs>/confidence.log",
    benchmark:
        "<benchmarks>/confidence.tsv"
    conda:
        "../../envs/yt8m.yaml"
    resources:
        **job("light"),
    params:
        results=subpath(output[0], parent=True),
        settings=flags.confidence,
        code=code_of(
            "yt8m.report.compared_graphs", "yt8m.metrics.resampling", "yt8m.metrics.resample_files"
        ),
    message:
        "Resample videos, for confidence intervals."
    shell:
        "python -m yt8m confidence {params.results:q} {params.settings}"
        " --out {output:q} > {log:q} 2>&1"


rule report:
    input:
        # Wait for the fingerprints of all ensembles, the final one's first.
        unpack(after([plan.final, *plan.teachers], targets.reported)),
    output:
        page=report(layout.report, category="Report", labels={"what": "all results"}),
        class_gains=plan.class_gains(plan.final),
    log:
        "<logs>/report.log",
    benchmark:
        "<benchmarks>/report.tsv"
    conda:
        "../../envs/yt8m.yaml"
    resources:
        **job("light"),
    params:
        results=subpath(output.page, parent=True),
        title=tracked(entries.title),
        class_gains=untracked(flags.class_gains),
        code=code_of("yt8m.report.page", "yt8m.report.reading"),
    message:
        "Write the report."
    shell:
        "python -m yt8m report {params.results:q} --title {params.title:q} {params.class_gains}"
        " --out {output.page:q} > {log:q} 2>&1"


# All models of this run side by side. Not part of `all`: snakemake comparison --cores all
rule comparison:
    input:
        unpack(after([plan.final, *plan.teachers], targets.compared)),
    output:
        page=report(layout.side_by_side["page"], category="Report", labels={"what": "comparison"}),
        table=layout.side_by_side["table"],
    log:
        "<logs>/comparison.log",
    benchmark:
        "<benchmarks>/comparison.tsv"
    conda:
        "../../envs/yt8m.yaml"
    resources:
        **job("light"),
    params:
        results=subpath(output.page, parent=True),
        settings=flags.confidence,
        title=tracked(entries.title),
        code=code_of("yt8m.comparison.comparison", "yt8m.comparison.page", "yt8m.comparison.files"),
    message:
        "Compare all models of this run."
    shell:
        "python -m yt8m compare {params.results:q} {params.settings} --title {params.title:q}"
        " --out {output.page:q} --out {output.table:q} > {log:q} 2>&1"


if CHECKOUT:  # only a checkout has the benchmarks

    # Benchmarks of the library against baselines on this machine. Not part of any target:
    # snakemake bench --cores all
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
            "Time the library, its strongest peers and the plain way."
        shell:
            "python -m benchmarks --out {params.folder:q} > {log:q} 2>&1"
