"""Labels of generated videos: a few chains of labels, each from a topic up to its ancestors."""

from dataclasses import dataclass

import numpy as np

from yt8m.data.generate.statistics import COMPANION_SHARE, LABELS_PER_VIDEO, label_shares

DEPTH = 3
"""Labels in the longest chain, such as Guitar Hero, Video game, Game."""

_ROUNDS = 60
_CALIBRATION_VIDEOS = 10_000
_CALIBRATION_ROUNDS = 6


@dataclass(frozen=True)
class Hierarchy:
    """Labels, each under at most one more frequent parent.

    parent: int [C], -1 for a root.
    attach: float64 [C], the probability that a label occurs together with its parent.
    topics: float64 [C], the probability that a chain starts at a label; sum 1.
    """

    parent: np.ndarray
    attach: np.ndarray
    topics: np.ndarray


def build_hierarchy(rng: np.random.Generator, classes: int) -> Hierarchy:
    """A random hierarchy that reproduces the label frequencies of the dataset."""
    wanted = label_shares(classes)
    parent, attach, left = _grow(rng, wanted)
    topics = np.maximum(left, 0.05 * wanted)
    # Chains that overlap or do not fit distort the frequencies: sample, compare, correct.
    for _ in range(_CALIBRATION_ROUNDS):
        hierarchy = Hierarchy(parent, attach, topics / topics.sum())
        found = sample_labels(rng, hierarchy, _CALIBRATION_VIDEOS).sum(axis=0)
        expected = wanted * found.sum()
        topics = hierarchy.topics * (expected + 10.0) / (found + 10.0)
    return Hierarchy(parent, attach, topics / topics.sum())


def _grow(rng: np.random.Generator, wanted: np.ndarray):
    """Parents, attachment probabilities, and the mass of each label that its children leave."""
    classes = len(wanted)
    parent, attach = np.full(classes, -1), np.zeros(classes)
    depth, left = np.ones(classes, int), wanted.copy()
    quantiles = [0.65, 0.83, 0.92, 0.98, 1.0]  # P(companion | label) before videos lose parents
    for child in range(1, classes):
        strength = np.interp(rng.random(), np.linspace(0, 1, 5), quantiles)
        room = left[:child] - 0.2 * wanted[:child]
        room[(room < strength * wanted[child]) | (depth[:child] >= DEPTH)] = 0.0
        if rng.random() >= COMPANION_SHARE or not room.any():
            continue
        above = rng.choice(child, p=room / room.sum())
        parent[child], attach[child], depth[child] = above, strength, depth[above] + 1
        left[above] -= strength * wanted[child]
    return parent, attach, left


def sample_labels(rng: np.random.Generator, hierarchy: Hierarchy, videos: int) -> np.ndarray:
    """Labels of that many videos: bool [videos, C].

    The number of labels is sampled first; chains are then added as long as they fit.
    """
    labels = np.zeros((videos, len(hierarchy.parent)), bool)
    shares = LABELS_PER_VIDEO[: max(1, labels.shape[1] // 2)]
    missing = 1 + _choose(rng, shares / shares.sum(), videos)
    for _ in range(_ROUNDS):
        open_ = np.flatnonzero(missing)
        if not len(open_):
            break
        chains = _sample_chains(rng, hierarchy, len(open_))  # [open, DEPTH]
        new = (chains >= 0) & ~labels[open_[:, None], chains]
        fits = new.sum(axis=1) <= missing[open_]
        row, place = np.nonzero(new & fits[:, None])
        labels[open_[row], chains[row, place]] = True
        missing[open_] -= np.where(fits, new.sum(axis=1), 0)
    return labels


def _sample_chains(rng: np.random.Generator, hierarchy: Hierarchy, count: int) -> np.ndarray:
    """Topic, its parent, its grandparent: int [count, DEPTH], -1 after the end of a chain."""
    chains = np.full((count, DEPTH), -1)
    chains[:, 0] = _choose(rng, hierarchy.topics, count)
    for level in range(1, DEPTH):
        below = chains[:, level - 1]
        continues = (below >= 0) & (rng.random(count) < hierarchy.attach[below])
        chains[continues, level] = hierarchy.parent[below[continues]]
    return chains


def _choose(rng: np.random.Generator, probabilities: np.ndarray, count: int) -> np.ndarray:
    """Indices sampled with these probabilities: int [count]."""
    cumulative = np.cumsum(probabilities)
    return np.searchsorted(cumulative / cumulative[-1], rng.random(count), side="right")
