# Shards on a server or in an object store, fetched in parts into a folder that experiments may share.
#
# NEEDS  the download plans in that folder, if `dataset.source` downloads: `yt8m records plan`
# GIVES  data/downloaded/, a list for each part. The shards in the folder are no outputs: a killed
#        job continues where it was, and nothing is fetched twice

if plan.downloads:

    rule download:
        output:
            layout.downloaded("{split}", "{shard}", "{shards}"),
        log:
            "<logs>/download/{split}-{shard}-of-{shards}.log",
        benchmark:
            "<benchmarks>/download/{split}-{shard}-of-{shards}.tsv"
        conda:
            "../../envs/yt8m.yaml"
        threads: need("download", "threads")
        resources:
            **job("download"),
            downloads=1,
        params:
            source=untracked(flags.downloads),
            # Nothing else decides what is downloaded: no code, since each file has an MD5 or a
            # version.
            files=tracked(flags.download),
        message:
            "Download part {wildcards.shard} of {wildcards.split}."
        shell:
            "python -m yt8m records download-part {params.source} --split {wildcards.split}"
            " {params.files} --out {output:q} > {log:q} 2>&1"
