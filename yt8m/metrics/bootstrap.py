"""Metrics of resampled videos: how chance, in the choice of videos, moves them.

The bootstrap (Efron, 1979): N videos are drawn from the N at hand, with replacement, again and
again; the metrics' spread over these draws estimates that over other samples of as many videos. All
graphs get the same draws, so their differences are those of pairs.

Drawing a million videos 1,000 times takes seconds because videos are first put into random groups,
which are drawn whole, and probabilities into bins: counts of entries and of hits by group and bin,
multiplied by how often each group is drawn, give those of all draws at once. Up to `GROUPS` videos,
each is its own group; up to `BINS` different probabilities of hits, a bin has one of them, and GAP
is that of the definition but for the error of a logarithm (see `_sum_of_ratios`).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from yt8m.metrics.video_scores import VideoScores

GROUPS = 4096
"""Most groups: the spread is estimated from them, within 1.1 % (one standard deviation)."""

BINS = 1024
"""Most bins of probabilities, with about equally many hits in each."""

EXACT_FLOAT32 = 2**24
"""Sums of integers below this are exact in float32, in whatever order they are added."""

FEW_PRODUCTS = 2**22
"""Below this, threads for a product of matrices take longer to start than the product."""

AT_ONCE = 2**20
"""Entries that are counted at a time."""


@dataclass(frozen=True)
class Draws:
    """How often each group of videos is drawn in each of R resamples.

    groups: int32 [N], the group of each video. times: int64 [R, G].
    """

    groups: np.ndarray
    times: np.ndarray


def draw(videos: int, resamples: int, seed: int, most_groups: int = GROUPS) -> Draws:
    """The draws for N videos; equal arguments give equal draws."""
    rng = np.random.default_rng(seed)
    groups = min(videos, most_groups)
    of_videos = rng.permutation(videos).astype(np.int32) % groups
    times = rng.multinomial(groups, np.full(groups, 1 / groups), size=resamples)
    return Draws(of_videos, times)


def resampled_metrics(scores: VideoScores, draws: Draws) -> Mapping[str, np.ndarray]:
    """How far GAP, PERR and Hit@1 of each resample are from those of all videos.

    Returns float64 [R] for `gap`, `perr` and `hit_at_one`; NaN for GAP of a resample without any
    label.
    """
    return {
        "gap": resampled_gap(scores, draws),
        "perr": _resampled_mean(scores.precision_at_equal_recall(), draws),
        "hit_at_one": _resampled_mean(scores.best_is_true(), draws),
    }


def resampled_gap(scores: VideoScores, draws: Draws, most_bins: int = BINS) -> np.ndarray:
    """How far GAP of each resample is from that of all videos, float64 [R].

    NaN for a resample without any label. Both are computed from the same bins, so that their error
    largely cancels.
    """
    edges, one_value = _bin_edges(scores, most_bins)
    entries, hits = _counts(scores, draws, edges)
    positives = np.bincount(draws.groups, scores.positives, draws.times.shape[1])  # [G]
    once = np.ones((1, len(positives)), np.int64)
    of_all, of_draws = (
        _gap(_product(times, entries), _product(times, hits), times @ positives, one_value)
        for times in (once, draws.times)
    )
    return of_draws - of_all


def _bin_edges(scores: VideoScores, most_bins: int) -> tuple[np.ndarray, bool]:
    """The lowest probability of each bin, float32 [b] ascending, and whether each has one hit's.

    Entries below the first edge come after the last hit, so they do not count.
    """
    of_hits = np.sort(scores.scores[scores.hits])
    values = np.unique(of_hits)
    if len(values) <= most_bins:
        return values, True
    places = np.arange(most_bins) * len(of_hits) // most_bins
    return np.unique(of_hits[places]), False


def _counts(scores: VideoScores, draws: Draws, edges: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Entries and hits by group and bin, float64 [G, b], the bin of highest probability first."""
    bins, groups = len(edges), draws.times.shape[1]
    k = scores.scores.shape[1]
    entries, hits = np.zeros((2, groups * (bins + 1)), np.int64)
    rows_at_once = max(1, AT_ONCE // k)
    for first in range(0, len(scores.scores), rows_at_once):
        rows = slice(first, first + rows_at_once)
        bin_of = bins - np.searchsorted(edges, scores.scores[rows], side="right")  # [n, k]
        cells = draws.groups[rows, None].astype(np.int64) * (bins + 1) + bin_of
        entries += np.bincount(cells.ravel(), minlength=len(entries))
        hits += np.bincount(cells[scores.hits[rows]], minlength=len(hits))
    return tuple(c.reshape(groups, -1)[:, :bins].astype(np.float64) for c in (entries, hits))


def _product(times: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Draws [R, G] @ counts [G, b], exact, so that it is the same on every machine."""
    if times.size * counts.shape[1] < FEW_PRODUCTS:
        return (times @ counts.astype(np.int64)).astype(np.float64)
    largest = counts.sum(axis=0).max(initial=0) * times.max(initial=0)
    dtype = np.float32 if largest < EXACT_FLOAT32 else np.float64
    return (times.astype(dtype) @ counts.astype(dtype)).astype(np.float64)


def _gap(
    entries: np.ndarray, hits: np.ndarray, positives: np.ndarray, one_value: bool
) -> np.ndarray:
    """GAP from counts by bin [R, b]; NaN without positives.

    The j-th of a bin's h hits has j + those of the bins before among its n entries up to it and
    those before. In a bin with a single probability of hits the misses come first (of equal ones,
    by definition); in a wider one the hits are evenly spread.
    """
    found = np.cumsum(hits, axis=1) - hits
    seen = np.cumsum(entries, axis=1) - entries
    if one_value:
        precisions = _sum_of_ratios(found, seen + entries - hits, 1.0, hits)
    else:
        spread = entries / np.maximum(hits, 1)
        precisions = _sum_of_ratios(found, seen, np.maximum(spread, 1.0), hits)
    with np.errstate(invalid="ignore"):
        return precisions.sum(axis=1) / np.where(positives > 0, positives, np.nan)


def _sum_of_ratios(
    found: np.ndarray, seen: np.ndarray, step: np.ndarray | float, hits: np.ndarray
) -> np.ndarray:
    """Sum over j = 1..hits of (found + j) / (seen + j * step).

    With a = seen / step it is (hits + (found - a) * sum of 1 / (a + j)) / step; the sum of inverses
    is log((a + hits + 1/2) / (a + 1/2)), within 1 / (24 a^2) (Abramowitz and Stegun, 1964, 6.3.18).
    """
    a = seen / step
    inverses = np.log1p(hits / (a + 0.5))
    return (hits + (found - a) * inverses) / step


def _resampled_mean(values: np.ndarray, draws: Draws) -> np.ndarray:
    """How far the mean of each resample is from that of all videos. values: [N]."""
    groups = draws.times.shape[1]
    sums = np.bincount(draws.groups, values, groups)
    sizes = np.bincount(draws.groups, minlength=groups)
    return draws.times @ sums / (draws.times @ sizes) - values.mean()
