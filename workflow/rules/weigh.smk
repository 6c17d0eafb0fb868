# Weights of an ensemble's members, learnt from their predictions.


if WEIGHED:

    rule weigh:
        input:
            members=source_weights,
            records=weighing_records,
            digests=digests_of(weighing_records),
        output:
            "<results>/ensembles/{ensemble}/weights.json",
        log:
            "<logs>/weigh/{ensemble}.log",
        benchmark:
            "<benchmarks>/weigh/{ensemble}.tsv"
        wildcard_constraints:
            ensemble="|".join(WEIGHED),
        conda:
            "../../envs/yt8m.yaml"
        threads: need("infer", "threads")
        resources:
            gpu=need("infer", "gpu"),
            mem_mb=need("infer", "mem_mb"),
            runtime=minutes("infer"),
        params:
            members=source_options,
            settings=weighing_settings,
            options=infer_options(experiment),
            learnt_from=members_learnt_from,
            code=ensemble_code("yt8m.weighing.weigh"),
        message:
            "Learn the weights of the members of {wildcards.ensemble}."
        shell:
            "python -m yt8m weigh {params.members} --records {input.records:q}"
            " --settings {params.settings:q} {params.options} {params.learnt_from} --threads {threads}"
            " --gpus {resources.gpu} --out {output:q} > {log:q} 2>&1"
