# The features of a user's own videos, extracted once, whatever is made of them later.
#
# NEEDS  the videos in the table that `dataset.source` names, if it is a source of videos
# GIVES  data/extracted/: extraction.json, and a file for each shard of videos. Beside them are the
#        features, a file per video, which are no outputs: a killed job continues behind the last one

if plan.videos:

    rule extraction:
        output:
            layout.extraction,
        log:
            "<logs>/extraction.log",
        benchmark:
            "<benchmarks>/extraction.tsv"
        localrule: True
        conda:
            "../../envs/yt8m.yaml"
        params:
            source=untracked(flags.arrays),
            state=tracked(input_files.extractors_state),
            max_frames=experiment.dataset.max_frames,
            code=code_of("yt8m.video.description"),
        message:
            "Describe how videos become features."
        shell:
            "python -m yt8m records describe-extraction {params.source}"
            " --max-frames {params.max_frames} --out {output:q} > {log:q} 2>&1"

    rule extract:
        input:
            layout.extraction,
        output:
            layout.extracted("{split}", "{shard}", "{shards}"),
        log:
            "<logs>/extract/{split}-{shard}-of-{shards}.log",
        benchmark:
            "<benchmarks>/extract/{split}-{shard}-of-{shards}.tsv"
        conda:
            "../../envs/yt8m.yaml"
        threads: need("extract", "threads")
        resources:
            **job("extract"),
        params:
            source=untracked(flags.arrays),
            rows=tracked(flags.videos),
            # Videos are no inputs: Snakemake would print them all.
            inputs=tracked(input_files.videos_state),
            code=code.of_extraction(),
        message:
            "Extract the features of the videos of shard {wildcards.shard} of {wildcards.split}."
        shell:
            "python -m yt8m records extract {params.source} --split {wildcards.split} {params.rows}"
            " --described {input:q} --threads {threads} --out {output:q} > {log:q} 2>&1"
