"""Keep the list of the shards that a split is given by, as they were found."""

from yt8m.cli.jobs import logged
from yt8m.data.shard_list import read_shard_list

with logged(snakemake.log[0], snakemake.output[0]):
    read_shard_list(snakemake.params.found).write(snakemake.output[0])
