# Members stored so that their ensemble fits its budget.

from yt8m.describing.early import refuse_impossible_budgets


onstart:
    # Not while planning: counting a model's weights takes TensorFlow, in a process of its own.
    try:
        refuse_impossible_budgets(config, experiment, CHECKOUT)
    except Yt8mError as error:
        raise WorkflowError(f"config: {error}")


if PLANNED:

    rule plan:
        input:
            members=source_weights,
            weights=learnt_weights,
            records=calibration_records,
            digests=digests_of(calibration_records),
        output:
            "<results>/ensembles/{ensemble}/plan.json",
        log:
            "<logs>/plan/{ensemble}.log",
        benchmark:
            "<benchmarks>/plan/{ensemble}.tsv"
        wildcard_constraints:
            ensemble="|".join(PLANNED),
        conda:
            "../../envs/yt8m.yaml"
        threads: need("infer", "threads")
        resources:
            gpu=need("infer", "gpu"),
            mem_mb=need("infer", "mem_mb"),
            runtime=minutes("infer"),
        params:
            members=source_options,
            weights=learnt_weights_option,
            budget=budget_option,
            settings=plan_settings,
            decode=decode_of,
            learnt_from=members_learnt_from,
            batch_size=experiment.inference.batch_size,
            code=ensemble_code("yt8m.budget.measuring", "yt8m.budget.table"),
        message:
            "Plan how the members of {wildcards.ensemble} fit its budget."
        shell:
            "python -m yt8m compress plan {wildcards.ensemble} {params.members} {params.weights}"
            " {params.budget} --records {input.records:q} --settings {params.settings:q}"
            " --decode {params.decode} --batch-size {params.batch_size} {params.learnt_from}"
            " --threads {threads} --gpus {resources.gpu} --out {output:q} > {log:q} 2>&1"

    rule compress:
        input:
            plan=plan_of,
            weights=own_source_weights,
            config=own_source_config,
            records=recovery_records,
            soft_labels=recovery_soft_labels,
            digests=digests_of(recovery_records, recovery_soft_labels),
        output:
            weights="<results>/ensembles/{ensemble}/members/{model}/weights.safetensors",
            sizes="<results>/ensembles/{ensemble}/members/{model}/sizes.json",
        log:
            "<logs>/compress/{ensemble}-{model}.log",
        benchmark:
            "<benchmarks>/compress/{ensemble}-{model}.tsv"
        wildcard_constraints:
            ensemble="|".join(PLANNED),
        conda:
            "../../envs/yt8m.yaml"
        threads: need("train", "threads")
        resources:
            gpu=need("train", "gpu"),
            mem_mb=need("train", "mem_mb"),
            runtime=minutes("train"),
            state_seconds=need("train", "state_seconds"),
        params:
            folder=subpath(input.weights, parent=True),
            planned_for=planned_for,
            recovery=recovery_settings,
            lessons=recovery_options,
            state=f"{RESULTS}/state/compress/{{ensemble}}-{{model}}",
            batch_size=experiment.inference.batch_size,
            code=ensemble_code("yt8m.budget.members"),
            out=subpath(output.weights, parent=True),
        message:
            "Store {wildcards.model} as {wildcards.ensemble}'s plan says."
        shell:
            "python -m yt8m compress member {params.folder:q} --plan {input.plan:q}"
            " {params.planned_for}"
            " --recovery {params.recovery:q} {params.lessons} --state {params.state:q}"
            " --state-seconds {resources.state_seconds} --batch-size {params.batch_size}"
            " --threads {threads} --gpus {resources.gpu} --out {params.out:q} > {log:q} 2>&1"

    rule sweep:
        input:
            plan=plan_of,
            members=source_weights,
            records=records_of_split,
            digests=digests_of(records_of_split),
        output:
            "<results>/ensembles/{ensemble}/sweep.{split}.json",
        log:
            "<logs>/sweep/{ensemble}-{split}.log",
        benchmark:
            "<benchmarks>/sweep/{ensemble}-{split}.tsv"
        wildcard_constraints:
            ensemble="|".join(PLANNED),
        conda:
            "../../envs/yt8m.yaml"
        threads: need("infer", "threads")
        resources:
            gpu=need("infer", "gpu"),
            mem_mb=need("infer", "mem_mb"),
            runtime=minutes("infer"),
        params:
            folders=own_source_folders,
            planned_for=planned_for,
            shares=sweep_options,
            options=infer_options(experiment),
            code=ensemble_code("yt8m.budget.sweep"),
        message:
            "Score {wildcards.ensemble} under other budgets."
        shell:
            "python -m yt8m compress sweep {params.folders:q} --plan {input.plan:q}"
            " {params.planned_for}"
            " --records {input.records:q} {params.shares} {params.options}"
            " --threads {threads} --gpus {resources.gpu} --out {output:q} > {log:q} 2>&1"
