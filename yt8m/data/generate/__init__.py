"""The embedded dataset: videos with the statistics of YouTube-8M, made from a seed."""

from yt8m.data.generate.settings import Generate
from yt8m.data.generate.shards import generate_split, shard_name

__all__ = ["Generate", "generate_split", "shard_name"]
