# Models together as one graph, what it depends on, and how large it is.


rule ensemble:
    input:
        members=member_weights,
        weights=learnt_weights,
    output:
        **ensemble_files("<results>/ensembles/{ensemble}"),
    log:
        "<logs>/ensemble/{ensemble}.log",
    benchmark:
        "<benchmarks>/ensemble/{ensemble}.tsv"
    wildcard_constraints:
        ensemble="|".join(COMBINED),
    conda:
        "../../envs/yt8m.yaml"
    threads: need("ensemble", "threads")
    resources:
        gpu=need("ensemble", "gpu"),
        mem_mb=need("ensemble", "mem_mb"),
        runtime=minutes("ensemble"),
    params:
        members=member_options,
        weights=learnt_weights_option,
        decode=decode_of,
        origin=combined_from,
        code=ensemble_code("yt8m.serving.ensemble"),
        out=subpath(output.description, parent=True),
    message:
        "Combine the members of {wildcards.ensemble} into one graph."
    shell:
        "python -m yt8m ensemble {wildcards.ensemble} {params.members} {params.weights}"
        " --decode {params.decode} {params.origin} --out {params.out:q} > {log:q} 2>&1"


if READY:

    rule adopt:
        input:
            unpack(ready_files),
        output:
            **ensemble_files("<results>/ensembles/{ensemble}"),
        log:
            "<logs>/adopt/{ensemble}.log",
        benchmark:
            "<benchmarks>/adopt/{ensemble}.tsv"
        wildcard_constraints:
            ensemble="|".join(READY),
        conda:
            "../../envs/yt8m.yaml"
        threads: need("light", "threads")
        resources:
            gpu=need("light", "gpu"),
            mem_mb=need("light", "mem_mb"),
            runtime=minutes("light"),
        params:
            folder=subpath(input.description, parent=True),
            files=ready_state,
            code=code_of("yt8m.serving.adoption"),
            out=subpath(output.description, parent=True),
        message:
            "Copy the ready ensemble {wildcards.ensemble}."
        shell:
            "python -m yt8m adopt {wildcards.ensemble} {params.folder:q}"
            " --out {params.out:q} > {log:q} 2>&1"


# A checkpoint, not a rule: once it has run, Snakemake plans the jobs behind it afresh.
checkpoint fingerprint:
    input:
        description_of,
    output:
        "<results>/ensembles/{ensemble}/fingerprint.json",
    log:
        "<logs>/fingerprint/{ensemble}.log",
    benchmark:
        "<benchmarks>/fingerprint/{ensemble}.tsv"
    conda:
        "../../envs/yt8m.yaml"
    resources:
        gpu=need("light", "gpu"),
        mem_mb=need("light", "mem_mb"),
        runtime=minutes("light"),
    params:
        folder=subpath(input[0], parent=True),
        code=code_of("yt8m.serving.fingerprint"),
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
    benchmark:
        "<benchmarks>/size/{ensemble}.tsv"
    conda:
        "../../envs/yt8m.yaml"
    resources:
        gpu=need("light", "gpu"),
        mem_mb=need("light", "mem_mb"),
        runtime=minutes("light"),
    params:
        folder=subpath(input.description, parent=True),
        budget=budget_option,
        decode=decode_of,
        origin=own_made_of,
        code=code_of("yt8m.serving.size"),
    message:
        "Measure {wildcards.ensemble} against its byte budget."
    shell:
        "python -m yt8m size {params.folder:q} {params.budget} {params.origin}"
        " --out {output:q} > {log:q} 2>&1"


rule archive:
    input:
        fingerprint=after_own_ensemble("<results>/ensembles/{ensemble}/fingerprint.json"),
        description=ancient("<results>/ensembles/{ensemble}/ensemble.json"),
        budget_met="<results>/ensembles/{ensemble}/size.json",
        metrics=expand(
            "<results>/ensembles/{{ensemble}}/metrics.{split}.json", split=experiment.run.evaluate
        ),
        configs=member_configs,
        names=LABEL_NAMES,
        licence=LICENCE,
    output:
        "<results>/ensembles/{ensemble}/{ensemble}.tar.gz",
    log:
        "<logs>/archive/{ensemble}.log",
    benchmark:
        "<benchmarks>/archive/{ensemble}.tsv"
    conda:
        "../../envs/yt8m.yaml"
    resources:
        gpu=need("light", "gpu"),
        mem_mb=need("light", "mem_mb"),
        runtime=minutes("light"),
    params:
        folder=subpath(input.description, parent=True),
        card=literal_json(as_entry(experiment.card)),
        contents=archive_options,
        given=named_content(label_names=LABEL_NAMES, licence=LICENCE),
        decode=decode_of,
        origin=own_made_of,
        code=code_of("yt8m.serving.archive"),
    message:
        "Pack {wildcards.ensemble} into one file."
    shell:
        "python -m yt8m archive {params.folder:q} --card {params.card:q} {params.contents}"
        " {params.origin} --out {output:q} > {log:q} 2>&1"
