# Evaluation and prediction of splits with many shards, in parts that jobs do side by side.
#
# NEEDS  weights, or fingerprints and graphs; manifests
# GIVES  models/<model>/<stage>/parts/, ensembles/<ensemble>/parts/, predictions/<ensemble>/parts/;
#        and from these, to the bit, what `evaluate`, `evaluate_ensemble` and `predict` give

MERGING = [
    "yt8m.outputs.evaluation_parts",
    "yt8m.metrics.accumulate",
    "yt8m.metrics.files",
    "yt8m.metrics.video_files",
    "yt8m.metrics.video_rows",
    "yt8m.data.label_names",
    "yt8m.data.manifest",
]
EVALUATION_OF_PART = [
    "yt8m.outputs.evaluation",
    "yt8m.outputs.evaluation_parts",
    "yt8m.metrics.video_rows",
]

if plan.inferred_in_parts:

    rule evaluate_part:
        input:
            weights=after(plan.teachers_of_model, layout.weights("{model}", "{stage}")),
            records=after(NOBODY, plan.records),
            digests=after(NOBODY, plan.digest),
        output:
            evaluated_part(layout.stage("{model}", "{stage}"), "{split}", "{shard}", "{shards}"),
        log:
            "<logs>/evaluate_part/{model}-{stage}-{split}-{shard}-of-{shards}.log",
        benchmark:
            "<benchmarks>/evaluate_part/{model}-{stage}-{split}-{shard}-of-{shards}.tsv"
        priority: -1
        conda:
            "../../envs/yt8m.yaml"
        threads: need("infer", "threads")
        resources:
            **job("infer"),
        params:
            folder=subpath(input.weights, parent=True),
            options=flags.inference,
            part=tracked(flags.inferred_part),
            errors="",
            origin=untracked(flags.trained_on),
            code=stored_model_code(*EVALUATION_OF_PART),
        message:
            "Evaluate {wildcards.model}, stage {wildcards.stage}, on part {wildcards.shard} of"
            " {wildcards.split}."
        shell:
            "python -m yt8m evaluate-part {params.folder:q} --records {input.records:q}"
            " {params.options} {params.part} {params.errors} {params.origin}"
            " --threads {threads} --gpus {resources.gpu} --out {output:q} > {log:q} 2>&1"

    ruleorder: merge_evaluation > evaluate

    rule merge_evaluation:
        input:
            parts=after(NOBODY, plan.evaluated_parts),
            records=after(NOBODY, plan.records),
            digests=after(NOBODY, plan.digest),
            names=at_once(plan.label_names),
        output:
            **metric_files(layout.stage("{model}", "{stage}"), "{split}"),
        log:
            "<logs>/merge_evaluation/{model}-{stage}-{split}.log",
        benchmark:
            "<benchmarks>/merge_evaluation/{model}-{stage}-{split}.tsv"
        wildcard_constraints:
            split="|".join(plan.inferred_in_parts),
        priority: -1
        conda:
            "../../envs/yt8m.yaml"
        resources:
            **job("light"),
        params:
            parts=tracked(flags.evaluated_parts),
            names=tracked(flags.label_names),
            input_files=tracked(input_files.label_names),
            observed="",
            origin=untracked(flags.of_split),
            code=code_of(*MERGING),
        message:
            "Put together the evaluation of {wildcards.model}, stage {wildcards.stage}, on"
            " {wildcards.split}."
        shell:
            "python -m yt8m merge-evaluation {params.parts:q} {params.names} {params.origin}"
            " {params.observed} --classes-out {output.classes:q} --videos-out {output.videos:q}"
            " --out {output.metrics:q} > {log:q} 2>&1"

    use rule evaluate_part as evaluate_part_of_ensemble with:
        input:
            weights=after("{ensemble}", layout.fingerprint("{ensemble}")),
            graph=after("{ensemble}", Undated(layout.graph("{ensemble}"))),
            records=after(NOBODY, plan.records),
            digests=after(NOBODY, plan.digest),
        output:
            evaluated_part(layout.ensemble("{ensemble}"), "{split}", "{shard}", "{shards}"),
        log:
            "<logs>/evaluate_part_of_ensemble/{ensemble}-{split}-{shard}-of-{shards}.log",
        benchmark:
            "<benchmarks>/evaluate_part_of_ensemble/{ensemble}-{split}-{shard}-of-{shards}.tsv"
        params:
            errors="--errors",
            origin=untracked(flags.derived_from),
            code=code_of(*EVALUATION_OF_PART, *COLLECTED),
        message:
            "Evaluate the ensemble {wildcards.ensemble} on part {wildcards.shard} of"
            " {wildcards.split}."

    ruleorder: merge_evaluation_of_ensemble > evaluate_ensemble

    use rule merge_evaluation as merge_evaluation_of_ensemble with:
        input:
            parts=after("{ensemble}", plan.evaluated_parts_of),
            records=after(NOBODY, plan.records),
            digests=after(NOBODY, plan.digest),
            names=at_once(plan.label_names),
        output:
            **metric_files(layout.ensemble("{ensemble}"), "{split}"),
            scores=layout.scores("{ensemble}", "{split}"),
            mistakes=layout.mistakes("{ensemble}", "{split}"),
            confusions=layout.confusions("{ensemble}", "{split}"),
        log:
            "<logs>/merge_evaluation_of_ensemble/{ensemble}-{split}.log",
        benchmark:
            "<benchmarks>/merge_evaluation_of_ensemble/{ensemble}-{split}.tsv"
        params:
            parts=tracked(flags.evaluated_parts_of),
            observed=untracked(flags.observed),
            origin=untracked(flags.predictions_of),
            code=code_of(*MERGING, *COLLECTED),
        message:
            "Put together the evaluation of the ensemble {wildcards.ensemble} on {wildcards.split}."

    use rule predict as predict_part with:
        output:
            layout.predicted_part("{ensemble}", "{split}", "{shard}", "{shards}"),
        log:
            "<logs>/predict_part/{ensemble}-{split}-{shard}-of-{shards}.log",
        benchmark:
            "<benchmarks>/predict_part/{ensemble}-{split}-{shard}-of-{shards}.tsv"
        params:
            part=tracked(flags.inferred_part),
            state=real.state("predict_part", "{ensemble}-{split}-{shard}-of-{shards}"),
        message:
            "Predict part {wildcards.shard} of {wildcards.split} with {wildcards.ensemble}."

    ruleorder: merge_predictions > predict

    rule merge_predictions:
        input:
            after("{ensemble}", plan.predicted_parts),
        output:
            layout.predictions("{ensemble}", "{split}", "parquet"),
        log:
            "<logs>/merge_predictions/{ensemble}-{split}.log",
        benchmark:
            "<benchmarks>/merge_predictions/{ensemble}-{split}.tsv"
        wildcard_constraints:
            split="|".join(plan.inferred_in_parts),
        conda:
            "../../envs/yt8m.yaml"
        resources:
            **job("light"),
        params:
            parts=tracked(flags.predicted_parts),
            origin=untracked(flags.predictions_of),
            code=code_of("yt8m.outputs.prediction_parts", "yt8m.data.manifest"),
        message:
            "Put together the predictions of {wildcards.split} by {wildcards.ensemble}."
        shell:
            "python -m yt8m merge-predictions {params.parts:q} {params.origin}"
            " --out {output:q} > {log:q} 2>&1"
