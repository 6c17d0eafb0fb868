# What it was made with, one page that tells how it went, and a word at the end.

from yt8m.report.closing import closing_words, stamp

PAGE = Path(RESULTS, "report.html")
PAGE_BEFORE = stamp(PAGE)


onsuccess:
    if words := closing_words(PAGE, PAGE_BEFORE, experiment.run.final, experiment.run.evaluate):
        print(words)


rule provenance:
    input:
        after(experiment.run.final, MADE),
    output:
        "<results>/run.json",
    log:
        "<logs>/provenance.log",
    benchmark:
        "<benchmarks>/provenance.tsv"
    conda:
        "../../envs/yt8m.yaml"
    threads: need("light", "threads")
    resources:
        # To see the device that models are trained on.
        gpu=need("train", "gpu"),
        mem_mb=need("light", "mem_mb"),
        runtime=minutes("light"),
    params:
        settings=literal_json(whole_entry(experiment)),
        code=code_of("yt8m.provenance"),
    message:
        "Note what this run was made with."
    shell:
        "python -m yt8m provenance --settings {params.settings:q} --out {output:q} > {log:q} 2>&1"


rule report:
    input:
        unpack(reported),
    output:
        report("<results>/report.html", category="Report", labels={"what": "all results"}),
    log:
        "<logs>/report.log",
    benchmark:
        "<benchmarks>/report.tsv"
    conda:
        "../../envs/yt8m.yaml"
    resources:
        gpu=need("light", "gpu"),
        mem_mb=need("light", "mem_mb"),
        runtime=minutes("light"),
    params:
        results=subpath(output[0], parent=True),
        models=[f"--model {name}" for name in sorted(MODELS)],
        ensembles=[
            f"--{'ready' if name in READY else 'ensemble'} {name}" for name in sorted(ENSEMBLES)
        ],
        learnt=[f"--learnt {name}" for name in sorted(ENSEMBLES) if name in WEIGHED],
        splits=[f"--split {name}" for name in experiment.run.evaluate],
        final=experiment.run.final,
        train=experiment.run.train,
        title=literally(experiment.title),
        code=code_of("yt8m.report.page", "yt8m.report.reading"),
    message:
        "Write the report."
    shell:
        "python -m yt8m report {params.results:q} --title {params.title:q}"
        " --final {params.final} --train {params.train} {params.models} {params.ensembles}"
        " {params.learnt} {params.splits} --out {output:q} > {log:q} 2>&1"
