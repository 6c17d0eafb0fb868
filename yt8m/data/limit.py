"""A limit on the videos of a split, for a first try: `dataset.limit`.

Of each shard, the first records count, in proportion to its size, and at least one. So a limited
split has as many shards as the whole one, and videos of all of them.
"""

import math
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np

from yt8m.data.survey import Survey


def limited(survey: Survey, limit: float) -> Survey:
    """The videos of a split that count.

    limit: below 1, the share of the videos; otherwise their number.
    """
    manifest = survey.manifest
    counts = counts_within(manifest.shard_sizes, limit)
    shards, kept, start = [], [], 0
    for shard, count in zip(manifest.shards, counts, strict=True):
        is_whole = count == shard.records
        shards.append(shard if is_whole else replace(shard, records=count, of=shard.records))
        kept.append(survey.ids[start : start + count])
        start += shard.records
    return Survey(replace(manifest, shards=tuple(shards)), np.concatenate(kept))


def counts_within(sizes: Sequence[int], limit: float) -> list[int]:
    """How many records of each shard count; `sizes` are those of the shards.

    Their sum is `videos_within` the limit, or the number of shards if that is more. Shares are
    rounded down, and the largest remainders up; of equal ones, those of earlier shards.
    """
    total = sum(sizes)
    wanted = videos_within(total, limit)
    shares = [Fraction(size * wanted, total) for size in sizes]
    counts = [max(1, math.floor(share)) for share in shares]
    rest = [number for number, share in enumerate(shares) if share > 1]
    rest.sort(key=lambda number: shares[number] % 1, reverse=True)
    for number in rest[: max(0, wanted - sum(counts))]:
        counts[number] += 1
    return counts


def videos_within(videos: int, limit: float | None) -> int:
    """How many of so many videos count."""
    if limit is None:
        return videos
    return math.ceil(videos * Fraction(str(limit))) if limit < 1 else min(videos, int(limit))
