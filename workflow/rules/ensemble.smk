# Models together as one graph, what it depends on, and how large it is.


rule ensemble:
    input:
        member_weights,
    output:
        description="<results>/ensembles/{ensemble}/ensemble.json",
        graph="<results>/ensembles/{ensemble}/graph/saved_model.pb",
        values="<results>/ensembles/{ensemble}/graph/variables/variables.data-00000-of-00001",
        names="<results>/ensembles/{ensemble}/graph/variables/variables.index",
    log:
        "<logs>/ensemble/{ensemble}.log",
    benchmark:
        "<benchmarks>/ensemble/{ensemble}.tsv"
    conda:
        "../../envs/yt8m.yaml"
    threads: need("ensemble", "threads")
    resources:
        gpu=need("ensemble", "gpu"),
        mem_mb=need("ensemble", "mem_mb"),
        runtime=minutes("ensemble"),
    params:
        members=member_options,
        code=ensemble_code("yt8m.serving.ensemble"),
        out=subpath(output.description, parent=True),
    message:
        "Combine the members of {wildcards.ensemble} into one graph."
    shell:
        "python -m yt8m ensemble {wildcards.ensemble} {params.members}"
        " --out {params.out:q} > {log:q} 2>&1"


# A checkpoint, not a rule: once it has run, Snakemake plans the jobs behind it afresh.
checkpoint fingerprint:
    input:
        "<results>/ensembles/{ensemble}/ensemble.json",
    output:
        "<results>/ensembles/{ensemble}/fingerprint.json",
    log:
        "<logs>/fingerprint/{ensemble}.log",
    conda:
        "../../envs/yt8m.yaml"
    resources:
        gpu=need("light", "gpu"),
        mem_mb=need("light", "mem_mb"),
        runtime=minutes("light"),
    params:
        folder=subpath(input[0], parent=True),
        code=ensemble_code("yt8m.serving.ensemble"),
    message:
        "Take the fingerprint of {wildcards.ensemble}."
    shell:
        "python -m yt8m fingerprint {params.folder:q} --out {output:q} > {log:q} 2>&1"


rule size:
    input:
        fingerprint=after_own_ensemble("<results>/ensembles/{ensemble}/fingerprint.json"),
        description=ancient("<results>/ensembles/{ensemble}/ensemble.json"),
    output:
        "<results>/ensembles/{ensemble}/size.json",
    log:
        "<logs>/size/{ensemble}.log",
    conda:
        "../../envs/yt8m.yaml"
    resources:
        gpu=need("light", "gpu"),
        mem_mb=need("light", "mem_mb"),
        runtime=minutes("light"),
    params:
        folder=subpath(input.description, parent=True),
        budget=budget_option,
        code=code_of("yt8m.serving.size"),
    message:
        "Measure {wildcards.ensemble} against its byte budget."
    shell:
        "python -m yt8m size {params.folder:q} {params.budget} --out {output:q} > {log:q} 2>&1"


rule archive:
    input:
        fingerprint=after_own_ensemble("<results>/ensembles/{ensemble}/fingerprint.json"),
        description=ancient("<results>/ensembles/{ensemble}/ensemble.json"),
        budget_met="<results>/ensembles/{ensemble}/size.json",
    output:
        "<results>/ensembles/{ensemble}/{ensemble}.tar.gz",
    log:
        "<logs>/archive/{ensemble}.log",
    conda:
        "../../envs/yt8m.yaml"
    resources:
        gpu=need("light", "gpu"),
        mem_mb=need("light", "mem_mb"),
        runtime=minutes("light"),
    params:
        folder=subpath(input.description, parent=True),
        code=code_of("yt8m.serving.archive"),
    message:
        "Pack {wildcards.ensemble} into one file."
    shell:
        "python -m yt8m archive {params.folder:q} --out {output:q} > {log:q} 2>&1"
