# Ensembles: weights of members, one graph within a byte budget; its metrics, size and archive.
#
# NEEDS  weights of the members, compressed or not; for learned weights, a manifest; to choose
#        members, the candidates' metrics
# GIVES  ensembles/<ensemble>/ with choice.json, graph/, ensemble.json, fingerprint.json, metrics and archive

from yt8m.describing.budget_check import refuse_impossible_budgets
from yt8m.workflow.nodes import check_executor


onstart:
    # Not while planning: counting a model's weights requires TensorFlow, in a separate process.
    try:
        if not workflow.touch:
            check_executor(experiment.resources.train, workflow.executor_plugin.name)
        refuse_impossible_budgets(config, experiment)
    except Yt8mError as error:
        raise WorkflowError(f"config: {error}")


if plan.chosen:

    # A checkpoint: which members an ensemble has is known only afterwards. No job reads its file
    # but the report's, so that another order or other metrics of the same members rerun nothing.
    checkpoint choose:
        input:
            metrics=after(plan.teachers_of_members, plan.candidate_metrics),
            weights=after(plan.teachers_of_members, plan.candidate_weights),
            records=after(NOBODY, plan.choice_records),
            digests=after(NOBODY, plan.choice_digest),
        output:
            layout.choice("{ensemble}"),
        log:
            "<logs>/choose/{ensemble}.log",
        benchmark:
            "<benchmarks>/choose/{ensemble}.tsv"
        wildcard_constraints:
            ensemble="|".join(plan.chosen),
        conda:
            "../../envs/yt8m.yaml"
        resources:
            **job("light"),
        params:
            candidates=tracked(flags.candidates),
            trained_on=untracked(flags.candidates_trained_on),
            code=code_of("yt8m.choosing.comparison"),
        message:
            "Choose the members of {wildcards.ensemble}."
        shell:
            "python -m yt8m choose {wildcards.ensemble} {params.candidates}"
            " --records {input.records:q} {params.trained_on} --out {output:q} > {log:q} 2>&1"


if plan.learning:

    rule learn_weights:
        input:
            members=after(plan.teachers_of_members, plan.source_weights),
            records=after(NOBODY, plan.weight_learning_records),
            digests=after(NOBODY, plan.weight_learning_digest),
        output:
            layout.learned_weights("{ensemble}"),
        log:
            "<logs>/learn_weights/{ensemble}.log",
        benchmark:
            "<benchmarks>/learn_weights/{ensemble}.tsv"
        wildcard_constraints:
            ensemble="|".join(plan.learning),
        conda:
            "../../envs/yt8m.yaml"
        threads: need("infer", "threads")
        resources:
            **job("infer"),
        params:
            members=tracked(flags.sources),
            settings=tracked(entries.weight_learning),
            options=flags.inference,
            trained_on=untracked(flags.members_trained_on),
            code=ensemble_code("yt8m.weight_learning.run"),
        message:
            "Learn the weights of the members of {wildcards.ensemble}."
        shell:
            "python -m yt8m learn-weights {params.members} --records {input.records:q}"
            " --settings {params.settings:q} {params.options} {params.trained_on} --threads {threads}"
            " --gpus {resources.gpu} --out {output:q} > {log:q} 2>&1"


rule ensemble:
    input:
        members=after(plan.teachers_of_members, plan.member_weights),
        weights=at_once(plan.learned_weights),
        projections=at_once(plan.projections),
        extraction=at_once(plan.extraction),
        names=at_once(plan.own_names),
    output:
        **ensemble_files(layout.ensemble("{ensemble}")),
        beside=plan.beside(layout.ensemble("{ensemble}")),
    log:
        "<logs>/ensemble/{ensemble}.log",
    benchmark:
        "<benchmarks>/ensemble/{ensemble}.tsv"
    wildcard_constraints:
        ensemble="|".join(plan.combined),
    conda:
        "../../envs/yt8m.yaml"
    threads: need("ensemble", "threads")
    resources:
        **job("ensemble"),
    params:
        members=tracked(flags.members),
        weights=tracked(flags.learned_weights),
        decode=tracked(entries.decode),
        preprocessing=tracked(flags.preprocessing),
        raw=tracked(flags.raw),
        origin=untracked(flags.combined_from),
        code=ensemble_code("yt8m.serving.ensemble"),
        out=subpath(output.description, parent=True),
    message:
        "Combine the members of {wildcards.ensemble} into one graph."
    shell:
        "python -m yt8m ensemble {wildcards.ensemble} {params.members} {params.weights}"
        " --decode {params.decode} {params.preprocessing} {params.raw} {params.origin}"
        " --out {params.out:q} > {log:q} 2>&1"


if plan.imported:

    rule import_ensemble:
        input:
            unpack(at_once(plan.import_files)),
            projections=at_once(plan.projections),
            extraction=at_once(plan.extraction),
            names=at_once(plan.own_names),
        output:
            **ensemble_files(layout.ensemble("{ensemble}")),
        log:
            "<logs>/import_ensemble/{ensemble}.log",
        benchmark:
            "<benchmarks>/import_ensemble/{ensemble}.tsv"
        wildcard_constraints:
            ensemble="|".join(plan.imported),
        conda:
            "../../envs/yt8m.yaml"
        threads: need("light", "threads")
        resources:
            **job("light"),
        params:
            folder=subpath(input.description, parent=True),
            files=tracked(input_files.ensemble_state),
            preprocessing=tracked(flags.preprocessing),
            code=code_of("yt8m.serving.importing"),
            out=subpath(output.description, parent=True),
        message:
            "Import the ensemble {wildcards.ensemble}."
        shell:
            "python -m yt8m import-ensemble {wildcards.ensemble} {params.folder:q}"
            " {params.preprocessing} --out {params.out:q} > {log:q} 2>&1"


# A checkpoint, not a rule: after it has run, Snakemake plans all downstream jobs again.
checkpoint fingerprint:
    input:
        after(NOBODY, layout.description("{ensemble}")),
    output:
        layout.fingerprint("{ensemble}"),
    log:
        "<logs>/fingerprint/{ensemble}.log",
    benchmark:
        "<benchmarks>/fingerprint/{ensemble}.tsv"
    conda:
        "../../envs/yt8m.yaml"
    resources:
        **job("light"),
    params:
        folder=subpath(input[0], parent=True),
        code=code_of("yt8m.serving.fingerprint"),
    message:
        "Compute the fingerprint of {wildcards.ensemble}."
    shell:
        "python -m yt8m fingerprint {params.folder:q} --out {output:q} > {log:q} 2>&1"


COLLECTED = [
    "yt8m.calibration.score_counts",
    "yt8m.error_analysis.mistakes",
    "yt8m.error_analysis.confusions",
]


use rule evaluate as evaluate_ensemble with:
    input:
        weights=after("{ensemble}", layout.fingerprint("{ensemble}")),
        # Must exist; its date is ignored, because the fingerprint covers its content.
        graph=after("{ensemble}", Undated(layout.graph("{ensemble}"))),
        records=after(NOBODY, plan.records),
        digests=after(NOBODY, plan.digest),
        names=at_once(plan.label_names),
    output:
        **metric_files(layout.ensemble("{ensemble}"), "{split}"),
        scores=layout.scores("{ensemble}", "{split}"),
        mistakes=layout.mistakes("{ensemble}", "{split}"),
        confusions=layout.confusions("{ensemble}", "{split}"),
    log:
        "<logs>/evaluate_ensemble/{ensemble}-{split}.log",
    benchmark:
        "<benchmarks>/evaluate_ensemble/{ensemble}-{split}.tsv"
    params:
        observed=untracked(flags.observed),
        origin=untracked(flags.derived_from),
        together="",
        code=code_of(*EVALUATION, *COLLECTED),
    message:
        "Evaluate the ensemble {wildcards.ensemble} on {wildcards.split}."


if plan.decided:

    rule thresholds:
        input:
            scores=after("{ensemble}", plan.scores),
            names=at_once(plan.label_names),
        output:
            **layout.thresholds("{ensemble}"),
        log:
            "<logs>/thresholds/{ensemble}.log",
        benchmark:
            "<benchmarks>/thresholds/{ensemble}.tsv"
        conda:
            "../../envs/yt8m.yaml"
        resources:
            **job("light"),
        params:
            decision=flags.decision,
            names=tracked(flags.label_names),
            input_files=tracked(input_files.label_names),
            origin=untracked(flags.decided_from),
            code=code_of(
                "yt8m.calibration.thresholds",
                "yt8m.calibration.summary_files",
                "yt8m.calibration.threshold_files",
                "yt8m.data.label_names",
                "yt8m.data.manifest",
            ),
        message:
            "Choose the thresholds of the classes of {wildcards.ensemble}."
        shell:
            "python -m yt8m calibrate {input.scores:q} {params.decision} {params.names}"
            " {params.origin} --calibration-out {output.calibration:q}"
            " --out {output.thresholds:q} > {log:q} 2>&1"


if plan.videos:

    rule thumbnails:
        input:
            mistakes=after("{ensemble}", layout.mistakes("{ensemble}", "{split}")),
            extracted=at_once(plan.extracted_of),
        output:
            layout.thumbnails("{ensemble}", "{split}"),
        log:
            "<logs>/thumbnails/{ensemble}-{split}.log",
        benchmark:
            "<benchmarks>/thumbnails/{ensemble}-{split}.tsv"
        conda:
            "../../envs/yt8m.yaml"
        resources:
            **job("light"),
        params:
            source=untracked(flags.arrays),
            extracted=untracked(flags.extracted_of),
            origin=untracked(flags.predictions_of),
            code=code_of("yt8m.outputs.video_thumbnails"),
        message:
            "Make thumbnails of the videos of {wildcards.split} that {wildcards.ensemble} predicts"
            " best and worst."
        shell:
            "python -m yt8m thumbnails {input.mistakes:q} {params.source} {params.extracted}"
            " {params.origin} --out {output:q} > {log:q} 2>&1"


rule size:
    input:
        fingerprint=after("{ensemble}", layout.fingerprint("{ensemble}")),
        description=after("{ensemble}", Undated(layout.description("{ensemble}"))),
    output:
        layout.size("{ensemble}"),
    log:
        "<logs>/size/{ensemble}.log",
    benchmark:
        "<benchmarks>/size/{ensemble}.tsv"
    conda:
        "../../envs/yt8m.yaml"
    resources:
        **job("light"),
    params:
        folder=subpath(input.description, parent=True),
        budget=tracked(flags.budget),
        decode=tracked(entries.decode),
        raw=tracked(flags.raw),
        origin=untracked(flags.derived_from),
        code=code_of("yt8m.serving.size"),
    message:
        "Compare the size of {wildcards.ensemble} with its byte budget."
    shell:
        "python -m yt8m size {params.folder:q} {params.budget} {params.origin}"
        " --out {output:q} > {log:q} 2>&1"


rule archive:
    input:
        fingerprint=after("{ensemble}", layout.fingerprint("{ensemble}")),
        description=after("{ensemble}", Undated(layout.description("{ensemble}"))),
        budget_met=after("{ensemble}", layout.size("{ensemble}")),
        metrics=at_once(targets.metrics_of_ensemble),
        thresholds=after("{ensemble}", plan.thresholds),
        configs=at_once(plan.member_configs),
        names=at_once(plan.label_names),
        licence=at_once(plan.licence),
    output:
        archive=layout.archive("{ensemble}"),
        card=layout.model_card("{ensemble}"),
    log:
        "<logs>/archive/{ensemble}.log",
    benchmark:
        "<benchmarks>/archive/{ensemble}.tsv"
    conda:
        "../../envs/yt8m.yaml"
    resources:
        **job("light"),
    params:
        folder=subpath(input.description, parent=True),
        card=tracked(entries.card),
        contents=tracked(flags.archive),
        input_files=tracked(input_files.archived),
        decode=tracked(entries.decode),
        raw=tracked(flags.raw),
        origin=untracked(flags.derived_from),
        code=code_of("yt8m.serving.archive"),
    message:
        "Pack {wildcards.ensemble} into an archive."
    shell:
        "python -m yt8m archive {params.folder:q} --layout file --card {params.card:q} {params.contents}"
        " {params.origin} --out {output.archive:q} --card-out {output.card:q} > {log:q} 2>&1"
