"""What labels look like: the part of a generated dataset that is common to all videos."""

from dataclasses import dataclass

import numpy as np

from yt8m.data.generate.frames import quantise
from yt8m.data.generate.labels import Hierarchy, build_hierarchy, sample_labels
from yt8m.data.generate.statistics import between_share, centroid_share
from yt8m.data.schema import Schema
from yt8m.data.sources.generated import Recipe as Generated

KIND_SHARE = 0.3
"""Share of a scene's variance that is due to its kind (indoors, a face, a chart)."""

LOOK_SIZE = 3
"""Average number of labels that share a look."""

MEAN_WEIGHT = float(np.sqrt(0.5))
"""Mean weight of a label in a video's mean; weights are exponential with mean square 1."""

_CENSUS_VIDEOS = 10_000


@dataclass(frozen=True)
class World:
    """Labels and their looks. All patterns have unit variance over F.

    share: float32 [F], variance of the mean between videos.
    looks: float32 [C, F], what a label adds to its videos' means, including its strength.
    centre: float32 [F], mean of what the labels of a video add.
    kinds: float32 [kinds, F], pattern of each kind of scene; opposite kinds cancel.
    marks: float32 [C, F], what a label adds to a scene that shows it,
    signs: float32 [C, kinds], its sign in each kind of scene; the sum over kinds is 0.
    silence: uint8 [F], the frame of a video without sound (only its audio counts).
    """

    hierarchy: Hierarchy
    share: np.ndarray
    looks: np.ndarray
    centre: np.ndarray
    kinds: np.ndarray
    marks: np.ndarray
    signs: np.ndarray
    silence: np.ndarray


def build_world(settings: Generated, schema: Schema) -> World:
    """The world for a seed."""
    rng = np.random.default_rng([settings.seed, 0])
    hierarchy = build_hierarchy(rng, schema.classes)
    frequency = sample_labels(rng, hierarchy, _CENSUS_VIDEOS).mean(axis=0)
    looks, centre = _looks(rng, settings, schema, frequency)
    size = schema.feature_size
    half = rng.standard_normal((settings.scene_kinds // 2, size), np.float32)
    signs = np.tile(np.repeat([1.0, -1.0], settings.scene_kinds // 2), (schema.classes, 1))
    return World(
        hierarchy=hierarchy,
        share=np.concatenate([between_share(name, n) for name, n in schema.features.items()]),
        looks=looks,
        centre=centre,
        kinds=np.concatenate([half, -half]),
        marks=rng.standard_normal((schema.classes, size), np.float32),
        signs=rng.permuted(signs, axis=1).astype(np.float32),
        silence=quantise(rng.standard_normal(size, np.float32)),
    )


def _looks(rng: np.random.Generator, settings: Generated, schema: Schema, frequency: np.ndarray):
    """`looks` and `centre` of the world."""
    classes, size = schema.classes, schema.feature_size
    shared = rng.standard_normal((-(-classes // LOOK_SIZE), size), np.float32)
    own = rng.standard_normal((classes, size), np.float32)
    alike = np.float32(settings.look_alikes)
    looks = np.sqrt(alike) * shared[rng.integers(len(shared), size=classes)]
    looks += np.sqrt(1.0 - alike) * own
    # Videos that do not show a label, or show it weakly, pull the label's centre towards the mean:
    # a stronger look makes up for that.
    visible = (1.0 - settings.unseen) * MEAN_WEIGHT
    strength = settings.mean_signal * centroid_share(frequency) / max(visible, 0.1) ** 2
    looks *= np.sqrt(strength, dtype=np.float32)[:, None]
    return looks, np.float32(MEAN_WEIGHT) * frequency.astype(np.float32) @ looks
