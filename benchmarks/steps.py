"""Training steps, from a batch of uint8 frames to updated weights."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path

import numpy as np

from benchmarks.baselines import models
from benchmarks.baselines.steps import PlainStep
from benchmarks.machine import training_limit
from benchmarks.race import Race

STEPS = 2


def races(folder: Path, scale: float) -> Iterator[Race]:
    """Steps of three models at full-size inputs: 300 frames per video, 3,862 classes."""
    frames = max(2, int(300 * scale))
    moe = {"kind": "moe"}
    vlad = {"kind": "netvlad", "clusters": 64, "hidden": 512, "classifier": moe}
    bag = {"kind": "gated_dbof", "clusters": 512, "hidden": 512, "classifier": moe}
    rows = (
        ("NetVLAD, 64 clusters, 512 hidden", 32, vlad, partial(models.netvlad, 64, 512)),
        ("gated DBoF, 512 clusters", 32, bag, partial(models.gated_dbof, 512, 512)),
        (
            "bidirectional LSTM, 256 cells",
            16,
            {"kind": "bilstm", "cells": 256},
            partial(models.bilstm, 256),
        ),
    )
    for name, videos, entry, plain in rows:
        batch = _batch(videos, frames)
        ours, limit = _ours(entry, batch), training_limit(entry, _schema(frames), videos)
        title = f"Training step: {name}"
        yield Race(title, "videos", ours, Plain(plain, batch), limit=limit)


def _schema(frames: int):
    from yt8m.data.schema import Schema

    features = {"rgb": models.RGB, "audio": models.AUDIO}
    return Schema(features=features, classes=models.CLASSES, max_frames=frames)


def _batch(videos: int, frames: int):
    random = np.random.default_rng(0)
    values = random.integers(0, 256, (videos, frames, models.RGB + models.AUDIO), dtype=np.uint8)
    labels = random.random((videos, models.CLASSES)) < 0.001
    return values, np.full(videos, frames, np.int32), labels


def _ours(entry: dict, batch) -> Callable[[], int]:
    from yt8m.models.assemble import build_model
    from yt8m.recipes import read_recipe
    from yt8m.training.step import Objective, TrainingStep

    recipe = read_recipe("yt8m.models", entry, "benchmark")
    model = build_model(recipe, _schema(batch[0].shape[1]))
    step = TrainingStep(model, Objective(), clip_norm=1.0)

    def run() -> int:
        for number in range(STEPS):
            loss, _, _ = step(*batch, None, 1e-3, number)
        float(loss)
        return STEPS * len(batch[0])

    return run


@dataclass
class Plain:
    """The baseline's step. build: makes the model. batch: as returned by `_batch`."""

    build: Callable
    batch: tuple

    @cached_property
    def step(self) -> PlainStep:
        """Its model is built on first use, in the process that calls it."""
        return PlainStep(self.build())

    def __call__(self) -> int:
        """Do `STEPS` steps; returns the number of videos."""
        frames, _, labels = self.batch
        for _ in range(STEPS):
            self.step(frames, labels)
        return STEPS * len(frames)
