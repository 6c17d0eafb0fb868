"""From records to predictions, metrics and soft labels, including reading."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path

from benchmarks.baselines import models
from benchmarks.graphs import fresh_model, write_graph
from benchmarks.machine import predicting_limit
from benchmarks.prediction_peers import PREDICTORS, Example, peers
from benchmarks.race import Race
from benchmarks.soft_labels import KEEP
from benchmarks.videos import FRAMES, write_videos
from benchmarks.weights import weights_of
from yt8m.data.manifest import Manifest

BATCH = 64
CHECKED = 4
"""Videos on which peers must agree with ours before they are timed."""

VLAD, LSTM = "NetVLAD, 64 clusters, 512 hidden", "bidirectional LSTM, 256 cells"
ENTRIES = {
    VLAD: {"kind": "netvlad", "clusters": 64, "hidden": 512},
    LSTM: {"kind": "bilstm", "cells": 256},
}
KERAS = {VLAD: partial(models.netvlad, 64, 512), LSTM: partial(models.bilstm, 256)}
NAMES = {VLAD: list(PREDICTORS)[:3], LSTM: list(PREDICTORS)}
"""Peers: all, except that only the LSTM is one of ONNX's operators."""


def races(folder: Path, scale: float) -> Iterator[Race]:
    """Three commands with a NetVLAD, and prediction with a bidirectional LSTM."""
    from yt8m.data.schema import Schema

    manifest = write_videos(folder, max(8, round(256 * scale)), Schema(max_frames=FRAMES))
    for model, works in ((VLAD, ("predict", "evaluate", "distil")), (LSTM, ("predict",))):
        entry, example = ENTRIES[model], folder / f"{ENTRIES[model]['kind']}.npz"
        graph = write_graph(entry, manifest.schema, folder / entry["kind"])
        write_example(entry, manifest, graph, example)
        for what in works:
            settings = {"batch_size": BATCH, "keep": KEEP, "out": folder / "peer"}
            yield Race(
                f"{what.capitalize()}: {model}",
                "videos",
                ours=Ours(graph, manifest, WORKS[what], folder / what),
                plain=Plain(KERAS[model], manifest),
                peers=peers(NAMES[model], KERAS[model], example, what, manifest, **settings),
                limit=predicting_limit(entry, manifest.schema),
            )


def write_example(entry: dict, manifest: Manifest, graph: Path, path: Path) -> None:
    """Weights of `fresh_model`, and the predictions of its graph of the first videos."""
    import numpy as np

    from yt8m.data.records import Records
    from yt8m.serving.graph import load_graph

    weights = weights_of(fresh_model(entry, manifest.schema))
    batch = Records(manifest).batch(np.arange(min(CHECKED, manifest.records)))
    predictions = load_graph(graph).predict(batch)
    Example(weights, batch.frames, predictions).write(path)


@dataclass
class Ours:
    """A command's work with a graph. place: its folder. work: one of `WORKS`."""

    place: Path
    manifest: Manifest
    work: Callable
    folder: Path

    @cached_property
    def graph(self):
        """Loaded on first use, in the process that calls it."""
        from yt8m.serving.graph import load_graph

        return load_graph(self.place)

    def __call__(self) -> int:
        """Do it once; returns the number of videos."""
        return self.work(self.graph, self.manifest, self.folder)


def _predict(graph, manifest, folder: Path) -> int:
    from yt8m.data.records import Records
    from yt8m.outputs.graph_predictions import predict_records
    from yt8m.outputs.prediction_files import PredictionWriter

    with PredictionWriter(folder / "predictions.parquet", 20, manifest.schema.classes) as writer:
        for predicted in predict_records(graph, Records(manifest), BATCH):
            writer.write(predicted.batch.ids, predicted.predictions, predicted.batch.labels)
    return manifest.records


def _evaluate(graph, manifest, folder: Path) -> int:
    from yt8m.data.records import Records
    from yt8m.outputs.evaluation import evaluate

    return evaluate(graph, Records(manifest), BATCH, 20, False).result().videos


def _distil(graph, manifest, folder: Path) -> int:
    from yt8m.outputs.distillation import Layout, distil

    numbers = range(len(manifest.shards))
    layout = Layout("soft_labels", KEEP)
    distil(graph, manifest, numbers, layout, BATCH, folder / "state", folder / "out")
    return manifest.records


WORKS = {"predict": _predict, "evaluate": _evaluate, "distil": _distil}


@dataclass
class Plain:
    """Prediction by a plain Keras model, not compiled, on records read with `tf.data`."""

    build: Callable
    manifest: Manifest

    @cached_property
    def model(self):
        """Built on first use, in the process that calls it."""
        return self.build()

    def __call__(self) -> int:
        """Predict all videos once; returns how many there are."""
        from benchmarks.baselines.reading import batches

        schema, count = self.manifest.schema, 0
        paths = [str(shard.path) for shard in self.manifest.shards]
        for _, frames, _, _ in batches(paths, schema.features, schema.classes, BATCH):
            count += len(self.model(frames, training=False).numpy())
        return count
