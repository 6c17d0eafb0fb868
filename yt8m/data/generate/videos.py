"""One generated video after the other."""

from collections.abc import Iterator
from zlib import crc32

import numpy as np

from yt8m.data.generate.frames import (
    FRAME_SD,
    deviations,
    draw_scenes,
    quantise,
    within_variance,
)
from yt8m.data.generate.labels import draw_labels
from yt8m.data.generate.statistics import SILENT_SHARE, draw_energy, draw_length
from yt8m.data.generate.world import KIND_SHARE, MEAN_WEIGHT, World
from yt8m.data.schema import Schema, Video, split_features
from yt8m.data.sources.generated import Recipe as Generated

MEAN_SD = np.float32(1.07)
"""Spread of means before values are cut to the bytes' range; after it, means vary as measured."""

LEAST_REST = 0.3
"""Share of a mean's variance that is noise even where labels say most."""

DUMMY_SD = np.float32(0.05)
"""Spread of a dummy's mean: below 0.1, which no true video is (see LEAST_ENERGY)."""


def draw_videos(
    settings: Generated, schema: Schema, world: World, split: str, shard: int
) -> Iterator[Video]:
    """Videos of a shard in the frame layout: a function of the seed, the split and the shard."""
    rng = np.random.default_rng([settings.seed, 1, crc32(split.encode()), shard])
    shards, videos = settings.splits[split]
    count = videos // shards + (shard < videos % shards)
    labels = draw_labels(rng, world.hierarchy, count)
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
    """What is to be seen in the videos, labelled or not: bool [N, C].

    ASSUME labels are wrong in all splits alike. They come from a machine that reads titles and
    descriptions (arXiv:1609.08675, section 3), for validation as for training; a clean validation
    split would be scored on a task that nobody has trained for, and real figures are not from one.
    """
    shown = labels & (rng.random(labels.shape) >= settings.unseen)
    more = draw_labels(rng, world.hierarchy, len(labels))
    keep = settings.unlabelled / max(more.sum(axis=1).mean(), 1.0)
    return shown | (more & (rng.random(more.shape) < keep))


def _frames(
    rng, settings: Generated, schema: Schema, world: World, shown: np.ndarray
) -> np.ndarray:
    """Bytes of a video that shows these labels: uint8 [T, F]."""
    energy = draw_energy(rng)
    mean = _mean(rng, world, shown) * np.sqrt(world.share * np.float32(energy))
    scene_of = draw_scenes(rng, draw_length(rng, settings.frames_min, settings.frames_max))
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

    How much a label dominates a video varies: weights are exponential. What labels do not tell is
    noise; videos of far-out labels have less of it, so they lie closer together.
    """
    weights = rng.exponential(MEAN_WEIGHT, len(shown)).astype(np.float32)
    told = weights @ world.looks[shown] - world.centre
    rest = max(1.0 - float(np.square(told).mean()), LEAST_REST)
    return told + np.float32(np.sqrt(rest)) * rng.standard_normal(len(told), np.float32)


def _scenes(
    rng: np.random.Generator, settings: Generated, world: World, shown: np.ndarray, count: int
) -> np.ndarray:
    """Patterns of the scenes: float32 [count, F], each of unit variance.

    A label's mark is turned to and fro with the kind of the scene, so neither a mean over scenes
    nor the mark alone tells the label: it takes the mark together with the kind.
    """
    kind = rng.integers(len(world.kinds), size=count)
    visible = rng.random(count) < (settings.on_screen if len(shown) else 0.0)
    signal = (visible * settings.scene_signal * (1.0 - KIND_SHARE)).astype(np.float32)[:, None]
    scenes = rng.standard_normal((count, len(world.share)), np.float32)
    scenes *= np.sqrt(np.float32(1.0 - KIND_SHARE) - signal)
    scenes += np.sqrt(np.float32(KIND_SHARE)) * world.kinds[kind]
    if len(shown):
        subject = rng.choice(shown, count)
        turned = world.signs[subject, kind][:, None] * world.marks[subject]
        scenes += np.sqrt(signal) * turned
    return scenes


def _dummy(rng: np.random.Generator, settings: Generated, schema: Schema) -> np.ndarray:
    """Bytes of a video that shows nothing: uint8 [T, F]."""
    scene_of = draw_scenes(rng, draw_length(rng, settings.frames_min, settings.frames_max))
    scenes = rng.standard_normal((scene_of[-1] + 1, schema.feature_size), np.float32)
    mean = DUMMY_SD * rng.standard_normal(schema.feature_size, np.float32)
    return quantise(deviations(rng, scene_of, scenes) + mean)
