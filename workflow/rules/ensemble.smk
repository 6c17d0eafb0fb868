# Models together as one graph, what it depends on, and how large it is.


def member_weights(wildcards):
    """The weights files of an ensemble's members, at the ensemble's stage."""
    ensemble = experiment.ensembles[wildcards.ensemble]
    wait_for(teachers_of(ensemble.members))
    return [f"<results>/models/{m}/{ensemble.stage}/weights.safetensors" for m in ensemble.members]


def member_options(wildcards):
    """The command's options: weight and stage folder of each member."""
    ensemble = experiment.ensembles[wildcards.ensemble]
    return " ".join(
        f"--member {weight!r} {RESULTS}/models/{member}/{ensemble.stage}"
        for member, weight in ensemble.members.items()
    )


def ensemble_code(wildcards):
    """Digest of the code that exports an ensemble, its members' recipes included."""
    members = experiment.ensembles[wildcards.ensemble].members
    recipes = [m for name in members for m in recipe_modules(experiment.models[name].recipe)]
    return digest_of("yt8m.serving.ensemble", *recipes)


def budget_option(wildcards):
    """The command's option for the byte budget, where there is one."""
    budget = experiment.ensembles[wildcards.ensemble].budget_bytes
    return f"--budget {budget}" if budget else ""


rule ensemble:
    message:
        "Combine the members of {wildcards.ensemble} into one graph."
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
        code=ensemble_code,
        out=subpath(output.description, parent=True),
    shell:
        "python -m yt8m ensemble {wildcards.ensemble} {params.members}"
        " --out {params.out:q} > {log:q} 2>&1"


# A checkpoint, not a rule: once it has run, Snakemake plans the jobs behind it afresh.
checkpoint fingerprint:
    message:
        "Take the fingerprint of {wildcards.ensemble}."
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
        code=ensemble_code,
    shell:
        "python -m yt8m fingerprint {params.folder:q} --out {output:q} > {log:q} 2>&1"


rule size:
    message:
        "Measure {wildcards.ensemble} against its byte budget."
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
    shell:
        "python -m yt8m size {params.folder:q} {params.budget} --out {output:q} > {log:q} 2>&1"


rule archive:
    message:
        "Pack {wildcards.ensemble} into one file."
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
    shell:
        "python -m yt8m archive {params.folder:q} --out {output:q} > {log:q} 2>&1"
