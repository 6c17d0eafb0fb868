"""Write the list of a split's existing shards, with the identity of each."""

from yt8m.cli.jobs import logged
from yt8m.data.shard_list import read_shard_list

with logged(snakemake.log[0], snakemake.output[0]):
    read_shard_list(snakemake.params.found).write(snakemake.output[0])
