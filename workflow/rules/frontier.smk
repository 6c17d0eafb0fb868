# All sizes: models stored in several ways, each evaluated, as one table.
#
# NEEDS  float32 weights of the models that `frontier.models` lists; manifests
# GIVES  frontier/<model>.json and frontier/points.csv


if plan.frontier_models:

    # One job per model, not per point: reading weights and records is most of the time.
    rule points:
        input:
            unpack(after(NOBODY, plan.frontier_records())),
            weights=after(plan.teachers_of_model, plan.frontier_weights),
            config=at_once(plan.frontier_config),
            digests=after(NOBODY, plan.frontier_digests()),
            projections=at_once(plan.projections),
        output:
            layout.model_points("{model}"),
        log:
            "<logs>/points/{model}.log",
        benchmark:
            "<benchmarks>/points/{model}.tsv"
        priority: -1  # only the table and the report wait for it
        conda:
            "../../envs/yt8m.yaml"
        threads: need("infer", "threads")
        resources:
            **job("infer"),
        params:
            folder=subpath(input.weights, parent=True),
            settings=entries.frontier(),
            options=flags.inference,
            projections=tracked(flags.projections),
            trained_on=untracked(flags.trained_on),
            code=points_code("yt8m.frontier.measuring"),
        message:
            "Store {wildcards.model} in several ways, and evaluate each."
        shell:
            "python -m yt8m compress points {params.folder:q} --config {input.config:q}"
            " --planned-on {input.planned_on:q} --records {input.records:q}"
            " --settings {params.settings:q} {params.options} {params.projections}"
            " {params.trained_on} --threads {threads} --gpus {resources.gpu}"
            " --out {output:q} > {log:q} 2>&1"

    rule frontier:
        input:
            after(plan.frontier_teachers(), plan.model_points()),
        output:
            layout.frontier,
        log:
            "<logs>/frontier.log",
        benchmark:
            "<benchmarks>/frontier.tsv"
        localrule: True
        conda:
            "../../envs/yt8m.yaml"
        params:
            code=code_of("yt8m.frontier.table_files"),
        message:
            "Write the table of all models at all sizes."
        shell:
            "python -m yt8m compress table {input:q} --out {output:q} > {log:q} 2>&1"
