# Compression: encodings that fit an ensemble into its byte budget, and its metrics under others.
#
# NEEDS  float32 weights of the members, and how they are weighted; manifests
# GIVES  ensembles/<ensemble>/plan.json, members/<model>/ and sweep.<split>.json


if plan.compressed:

    rule plan:
        input:
            members=after(plan.teachers_of_members, plan.source_weights),
            weights=at_once(plan.learned_weights),
            records=after(NOBODY, plan.calibration_records),
            digests=after(NOBODY, plan.calibration_digest),
            projections=at_once(plan.projections_in),
        output:
            layout.plan("{ensemble}"),
        log:
            "<logs>/plan/{ensemble}.log",
        benchmark:
            "<benchmarks>/plan/{ensemble}.tsv"
        wildcard_constraints:
            ensemble="|".join(plan.compressed),
        conda:
            "../../envs/yt8m.yaml"
        threads: need("infer", "threads")
        resources:
            **job("infer"),
        params:
            members=tracked(flags.sources),
            weights=tracked(flags.learned_weights),
            budget=tracked(flags.budget),
            settings=tracked(entries.compression),
            decode=tracked(entries.decode),
            projections=tracked(flags.projections),
            trained_on=untracked(flags.members_trained_on),
            batch_size=experiment.inference.batch_size,
            code=ensemble_code("yt8m.budget.measuring", "yt8m.budget.table"),
        message:
            "Plan the compression of {wildcards.ensemble}."
        shell:
            "python -m yt8m compress plan {wildcards.ensemble} {params.members} {params.weights}"
            " {params.budget} --records {input.records:q} --settings {params.settings:q}"
            " --decode {params.decode} {params.projections} --batch-size {params.batch_size}"
            " {params.trained_on}"
            " --threads {threads} --gpus {resources.gpu} --out {output:q} > {log:q} 2>&1"

    rule compress:
        input:
            plan=after(plan.teachers_of_members, layout.plan("{ensemble}")),
            weights=after(plan.teachers_of_model, plan.member_source),
            config=at_once(plan.member_config),
            records=after(plan.teachers_of_model, plan.recovery_records),
            soft_labels=after(plan.teachers_of_model, plan.recovery_soft_labels),
            digests=after(plan.teachers_of_model, plan.recovery_digests),
        output:
            **layout.compressed("{ensemble}", "{model}"),
        log:
            "<logs>/compress/{ensemble}-{model}.log",
        benchmark:
            "<benchmarks>/compress/{ensemble}-{model}.tsv"
        wildcard_constraints:
            ensemble="|".join(plan.compressed),
        conda:
            "../../envs/yt8m.yaml"
        threads: need("train", "threads")
        resources:
            **job("train"),
        params:
            folder=subpath(input.weights, parent=True),
            planned_for=tracked(flags.planned_for),
            recovery=tracked(entries.recovery),
            training_data=tracked(flags.recovery),
            state=real.state("compress", "{ensemble}-{model}"),
            batch_size=experiment.inference.batch_size,
            code=ensemble_code("yt8m.budget.members"),
            out=subpath(output.weights, parent=True),
        message:
            "Compress {wildcards.model} by the plan of {wildcards.ensemble}."
        shell:
            "python -m yt8m compress member {params.folder:q} --plan {input.plan:q}"
            " {params.planned_for}"
            " --recovery {params.recovery:q} {params.training_data} --state {params.state:q}"
            " --state-seconds {resources.state_seconds} --batch-size {params.batch_size}"
            " --threads {threads} --gpus {resources.gpu} --out {params.out:q} > {log:q} 2>&1"

    rule sweep:
        input:
            plan=after(plan.teachers_of_members, layout.plan("{ensemble}")),
            members=after(plan.teachers_of_members, plan.source_weights),
            records=after(NOBODY, plan.records),
            digests=after(NOBODY, plan.digest),
        output:
            layout.sweep("{ensemble}", "{split}"),
        log:
            "<logs>/sweep/{ensemble}-{split}.log",
        benchmark:
            "<benchmarks>/sweep/{ensemble}-{split}.tsv"
        wildcard_constraints:
            ensemble="|".join(plan.compressed),
        conda:
            "../../envs/yt8m.yaml"
        threads: need("infer", "threads")
        resources:
            **job("infer"),
        params:
            folders=tracked(real_plan.source_folders),
            planned_for=tracked(flags.planned_for),
            shares=tracked(flags.sweep),
            options=flags.inference,
            resampling=flags.resampling,
            code=ensemble_code("yt8m.budget.sweep"),
        message:
            "Evaluate {wildcards.ensemble} under other budgets."
        shell:
            "python -m yt8m compress sweep {params.folders:q} --plan {input.plan:q}"
            " {params.planned_for}"
            " --records {input.records:q} {params.shares} {params.options} {params.resampling}"
            " --threads {threads} --gpus {resources.gpu} --out {output:q} > {log:q} 2>&1"
