# What the records of a user's own table need first: fitted projections, and the names of classes.
#
# NEEDS  the table and the arrays that `dataset.source` names, if it is a source of arrays; of videos,
#        data/extracted/
# GIVES  data/projections.safetensors; data/labels.csv; data/left-out.csv

if plan.arrays:

    rule fit_projections:
        input:
            at_once(plan.extracted_of_train),
        output:
            layout.projections,
        log:
            "<logs>/fit_projections.log",
        benchmark:
            "<benchmarks>/fit_projections.tsv"
        conda:
            "../../envs/yt8m.yaml"
        threads: need("records", "threads")
        resources:
            **job("records"),
        params:
            schema=untracked(entries.schema),
            source=untracked(flags.arrays),
            extracted=untracked(flags.extracted_of_train),
            rows=tracked(flags.fit_rows),
            # Arrays are no inputs: Snakemake would print them all.
            inputs=tracked(input_files.fit_inputs_state),
            split=plan.train,
            code=code.of_source(),
        message:
            "Fit the projections of the features on {params.split}."
        shell:
            "python -m yt8m records fit-projections --schema {params.schema:q} {params.source}"
            " {params.extracted} {params.rows} --split {params.split} --out {output:q} > {log:q} 2>&1"

    rule labels:
        output:
            layout.labels,
        log:
            "<logs>/labels.log",
        benchmark:
            "<benchmarks>/labels.tsv"
        localrule: True
        conda:
            "../../envs/yt8m.yaml"
        params:
            source=untracked(flags.arrays),
            names=tracked(input_files.label_names),
            train=plan.train,
            code=code_of("yt8m.own_data.vocabulary"),
        message:
            "Write the names of the classes."
        shell:
            "python -m yt8m records labels {params.source} --train {params.train}"
            " --out {output:q} > {log:q} 2>&1"

    rule left_out:
        input:
            at_once(plan.left_out),
        output:
            layout.left_out,
        log:
            "<logs>/left_out.log",
        benchmark:
            "<benchmarks>/left_out.tsv"
        localrule: True
        conda:
            "../../envs/yt8m.yaml"
        params:
            tables=tracked(flags.left_out),
            code=code_of("yt8m.own_data.left_out"),
        message:
            "List the videos that are left out."
        shell:
            "python -m yt8m records left-out {params.tables} --out {output:q} > {log:q} 2>&1"
