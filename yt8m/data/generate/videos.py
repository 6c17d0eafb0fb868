"""Generation of the videos of a shard."""

from collections.abc import Iterator
from zlib import crc32

import numpy as np

from yt8m.data.generate.frames import (
    FRAME_SD,
    deviations,
    quantise,
    sample_scenes,
    within_variance,
)
from yt8m.data.generate.labels import sample_labels
from yt8m.data.generate.statistics import SILENT_SHARE, sample_energy, sample_length
from yt8m.data.generate.world import KIND_SHARE, MEAN_WEIGHT, World
from yt8m.data.schema import Schema, Video, split_features
from yt8m.data.sources.generated import Recipe as Generated

MEAN_SD = np.float32(1.07)
"""Standard deviation of means before clipping; after clipping, means vary as measured."""

LEAST_REST = 0.3
"""Smallest share of a mean's variance that is noise, not explained by labels."""

DUMMY_SD = np.float32(0.05)
"""Standard deviation of a dummy's mean: below 0.1, as in no real video (see LEAST_ENERGY)."""


def sample_videos(
    settings: Generated, schema: Schema, world: World, split: str, shard: int
) -> Iterator[Video]:
    """Videos of a shard in the frame layout, a function of seed, split and shard."""
    rng = np.random.default_rng([settings.seed, 1, crc32(split.encode()), shard])
    shards, videos = settings.splits[split]
    count = videos // shards + (shard < videos % shards)
    labels = sample_labels(rng, world.hierarchy, count)
    shown = _shown(rng, settings, world, labels)
    is_dummy = rng.random(count) < settings.share_of_dummies(split)
    for number in range(count):
        if is_dummy[number]:
            carried, frames = (), _dummy(rng, settings, schema)
        else:
            carried = tuple(np.flatnonzero(labels[number]).tolist())
            frames = _frames(rng, settings, schema, world, np.flatnonzero(shown[number]))
        yield Video(f"{split}.{shard}.{number}", carried, split_features(frames, schema))


def _shown(rng, settings: Generated, world: World, labels: np.ndarray) -> np.ndarray:
    """The classes that videos really show, labelled or not: bool [N, C].

    ASSUME labels are equally wrong in all splits. They are machine-generated from titles and
    descriptions (arXiv:1609.08675, section 3), for validation as for training. A clean validation
    split would evaluate another task than the one trained for, and is not what published metrics
    are based on.
    """
    shown = labels & (rng.random(labels.shape) >= settings.unseen)
    more = sample_labels(rng, world.hierarchy, len(labels))
    keep = settings.unlabelled / max(more.sum(axis=1).mean(), 1.0)
    return shown | (more & (rng.random(more.shape) < keep))


def _frames(
    rng, settings: Generated, schema: Schema, world: World, shown: np.ndarray
) -> np.ndarray:
    """Frames of a video that shows these classes: uint8 [T, F]."""
    energy = sample_energy(rng)
    mean = _mean(rng, world, shown) * np.sqrt(world.share * np.float32(energy))
    scene_of = sample_scenes(rng, sample_length(rng, settings.frames_min, settings.frames_max))
    scenes = _scenes(rng, settings, world, shown, scene_of[-1] + 1)
    frames = deviations(rng, scene_of, scenes)
    frames *= FRAME_SD * np.sqrt(within_variance(world.share, energy))
    frames += MEAN_SD * mean
    frames = quantise(frames)
    if rng.random() < SILENT_SHARE and "audio" in schema.features:
        split_features(frames, schema)["audio"][:] = split_features(world.silence, schema)["audio"]
    return frames


def _mean(rng: np.random.Generator, world: World, shown: np.ndarray) -> np.ndarray:
    """Mean of a video in units of the variance between videos: float32 [F].

    How much a label dominates a video varies: weights are exponential. What labels do not explain
    is noise; videos of outlying labels have less of it, so they are closer together.
    """
    weights = rng.exponential(MEAN_WEIGHT, len(shown)).astype(np.float32)
    signal = weights @ world.looks[shown] - world.centre
    rest = max(1.0 - float(np.square(signal).mean()), LEAST_REST)
    return signal + np.float32(np.sqrt(rest)) * rng.standard_normal(len(signal), np.float32)


def _scenes(
    rng: np.random.Generator, settings: Generated, world: World, shown: np.ndarray, count: int
) -> np.ndarray:
    """Patterns of the scenes: float32 [count, F], each of unit variance.

    The sign of a label's mark depends on the kind of the scene, so neither the mean over scenes nor
    the mark alone reveals the label: that takes the mark together with the kind.
    """
    kind = rng.integers(len(world.kinds), size=count)
    visible = rng.random(count) < (settings.on_screen if len(shown) else 0.0)
    signal = (visible * settings.scene_signal * (1.0 - KIND_SHARE)).astype(np.float32)[:, None]
    scenes = rng.standard_normal((count, len(world.share)), np.float32)
    scenes *= np.sqrt(np.float32(1.0 - KIND_SHARE) - signal)
    scenes += np.sqrt(np.float32(KIND_SHARE)) * world.kinds[kind]
    if len(shown):
        subject = rng.choice(shown, count)
        signed = world.signs[subject, kind][:, None] * world.marks[subject]
        scenes += np.sqrt(signal) * signed
    return scenes


def _dummy(rng: np.random.Generator, settings: Generated, schema: Schema) -> np.ndarray:
    """Frames of a dummy: uint8 [T, F]."""
    scene_of = sample_scenes(rng, sample_length(rng, settings.frames_min, settings.frames_max))
    scenes = rng.standard_normal((scene_of[-1] + 1, schema.feature_size), np.float32)
    mean = DUMMY_SD * rng.standard_normal(schema.feature_size, np.float32)
    return quantise(deviations(rng, scene_of, scenes) + mean)
