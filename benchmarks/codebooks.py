"""Codebooks of 256 values: k-means of the weights of a variable."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.machine import sorting_limit
from benchmarks.peers.codebooks import exact, lloyd_of_sorted
from benchmarks.race import Peer, Race
from yt8m.compression.kmeans1d import kmeans

CLUSTERS = 256
SIZES = (100_000, 400_000)
SORTED = "Lloyd's on sorted values, NumPy (larger error)"
LARGE = 4_000_000
"""Values of a large variable, for which scikit-learn takes too long to be measured."""


def races(folder: Path, scale: float) -> Iterator[Race]:
    """Two sizes, and the large one against the rate at the smallest. folder: not needed.

    scikit-learn's time grows at least linearly with the number of values: that of an iteration is
    linear, and their number tends to grow. So its rate at a small size is an upper bound; that of
    `kmeans1d` is too, which sorts the values and is linear afterwards.
    """
    from benchmarks.baselines.codebooks import centres

    sizes = [max(CLUSTERS, round(size * scale)) for size in SIZES]
    converged = "scikit-learn to convergence", partial(centres, tolerance=0)
    quick = SORTED, lloyd_of_sorted
    restarted = "scikit-learn, best of 10 (its default before 1.4)", partial(centres, restarts=10)
    for size, others in zip(sizes, [[converged, restarted], [converged]], strict=True):
        values = weights(size)
        yield Race(
            f"k-means, {CLUSTERS} clusters of {size:,} values",
            "values",
            ours=partial(_counted, ours, values),
            plain=partial(_counted, centres, values),
            peers=_peers(values),
            limit=sorting_limit(values),
            others={name: partial(_counted, way, values) for name, way in (*others, quick)},
        )
    many = weights(max(CLUSTERS, round(LARGE * scale)))
    yield Race(
        f"k-means of {len(many):,} values (scikit-learn, kmeans1d: rates at {sizes[0]:,})",
        "values",
        ours=partial(_counted, ours, many),
        plain=partial(_counted, centres, weights(sizes[0])),
        peers=_peers(weights(sizes[0])),
        others={SORTED: partial(_counted, lloyd_of_sorted, many)},
        limit=sorting_limit(many),
    )


def _peers(values: np.ndarray) -> dict[str, Peer]:
    """Those whose error is as small as ours."""
    return {"kmeans1d, exact": Peer(partial(_counted, exact, values), ("kmeans1d",))}


def weights(size: int) -> np.ndarray:
    """Values like those of a trained variable, about normal: float32 [size]."""
    return np.random.default_rng(4).normal(scale=0.05, size=size).astype(np.float32)


def ours(values: np.ndarray, clusters: int) -> np.ndarray:
    """Centres by `yt8m.compression`: float32 [clusters], ascending."""
    return kmeans(np.sort(values), clusters)


def _counted(way: Callable[[np.ndarray, int], np.ndarray], values: np.ndarray) -> int:
    way(values, CLUSTERS)
    return len(values)
