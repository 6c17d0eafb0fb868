"""Training steps, from a batch of uint8 frames to updated weights."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path

import numpy as np

from benchmarks.baselines import models
from benchmarks.baselines.steps import PlainStep
from benchmarks.machine import training_limit
from benchmarks.peers.keras_models import KerasStep, built
from benchmarks.race import Peer, Race

STEPS = 2
MOE = {"kind": "moe"}
ROWS = (
    (
        "NetVLAD, 64 clusters, 512 hidden",
        32,
        {"kind": "netvlad", "clusters": 64, "hidden": 512, "classifier": MOE},
        partial(models.netvlad, 64, 512),
    ),
    (
        "gated DBoF, 512 clusters",
        32,
        {"kind": "gated_dbof", "clusters": 512, "hidden": 512, "classifier": MOE},
        partial(models.gated_dbof, 512, 512),
    ),
    (
        "bidirectional LSTM, 256 cells",
        16,
        {"kind": "bilstm", "cells": 256},
        partial(models.bilstm, 256),
    ),
)
"""Name, videos per step, our entry, and the same model of Keras' own layers."""


def races(folder: Path, scale: float) -> Iterator[Race]:
    """Steps of three models at full-size inputs: 300 frames per video, 3,862 classes."""
    frames = max(2, int(300 * scale))
    for name, videos, entry, keras_model in ROWS:
        batch = _batch(videos, frames)
        yield Race(
            f"Training step: {name}",
            "videos",
            ours=Ours(entry, batch),
            plain=Plain(keras_model, batch),
            peers={
                "Keras, jit_compile": Peer(ByKeras(keras_model, batch, jit=True)),
                "Keras, compiled": Peer(ByKeras(keras_model, batch, jit=False)),
            },
            others={"ours, training.xla": Ours(entry, batch, xla=True)},
            limit=training_limit(entry, _schema(frames), videos),
        )


def _schema(frames: int):
    from yt8m.data.schema import Schema

    features = {"rgb": models.RGB, "audio": models.AUDIO}
    return Schema(features=features, classes=models.CLASSES, max_frames=frames)


def _batch(videos: int, frames: int):
    random = np.random.default_rng(0)
    values = random.integers(0, 256, (videos, frames, models.RGB + models.AUDIO), dtype=np.uint8)
    labels = random.random((videos, models.CLASSES)) < 0.001
    return values, np.full(videos, frames, np.int32), labels


@dataclass
class Ours:
    """Our step. entry: the model's. batch: as returned by `_batch`. xla: `training.xla`."""

    entry: dict
    batch: tuple
    xla: bool = False

    @cached_property
    def step(self):
        """Its model is built on first use, in the process that calls it."""
        from yt8m.models.assemble import build_model
        from yt8m.recipes import read_recipe
        from yt8m.training.step import Objective, TrainingStep

        recipe = read_recipe("yt8m.models", self.entry, "benchmark")
        model = build_model(recipe, _schema(self.batch[0].shape[1]))
        return TrainingStep(model, Objective(), clip_norm=1.0, xla=self.xla)

    def losses(self) -> Iterator[float]:
        """The loss before each of `STEPS` steps, penalties included."""
        for number in range(STEPS):
            label_loss, penalty, _ = self.step(*self.batch, None, 1e-3, number)
            yield float(label_loss) + float(penalty)

    def __call__(self) -> int:
        """Do the steps; returns the number of videos."""
        return sum(len(self.batch[0]) for _ in self.losses())


@dataclass
class ByKeras:
    """`train_on_batch` of a compiled Keras model. build: makes the model.

    batch: as returned by `_batch`. weights: to begin with, as `weights_of` orders them.
    """

    build: Callable
    batch: tuple
    jit: bool
    weights: list[np.ndarray] | None = None

    @cached_property
    def step(self) -> KerasStep:
        """Its model is built on first use, in the process that calls it."""
        return KerasStep(built(self.build, self.weights), self.jit)

    def losses(self) -> Iterator[float]:
        """The loss before each of `STEPS` steps, penalties included."""
        frames, _, labels = self.batch
        for _ in range(STEPS):
            yield self.step(frames, labels)

    def __call__(self) -> int:
        """Do the steps; returns the number of videos."""
        return sum(len(self.batch[0]) for _ in self.losses())


@dataclass
class Plain:
    """The plain step. build: makes the model. batch: as returned by `_batch`."""

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
