"""From records to predictions, metrics and soft labels, including reading."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path

from benchmarks.baselines import models
from benchmarks.machine import predicting_limit
from benchmarks.race import Race
from benchmarks.videos import FRAMES, write_videos
from yt8m.data.manifest import Manifest

BATCH = 64


def races(folder: Path, scale: float) -> Iterator[Race]:
    """Three commands with a NetVLAD, and prediction with a bidirectional LSTM."""
    from yt8m.data.schema import Schema

    manifest = write_videos(folder, max(8, round(256 * scale)), Schema(max_frames=FRAMES))
    entry = {"kind": "netvlad", "clusters": 64, "hidden": 512}
    vlad, limit = fresh_graph(entry, manifest.schema), predicting_limit(entry, manifest.schema)
    plain = Plain(partial(models.netvlad, 64, 512), manifest)
    for name, work in (("Predict", _predict), ("Evaluate", _evaluate), ("Distil", _distil)):
        ours = partial(work, vlad, manifest, folder / name)
        title = f"{name}: NetVLAD, 64 clusters, 512 hidden"
        yield Race(title, "videos", ours, plain, limit=limit)
    entry = {"kind": "bilstm", "cells": 256}
    memory, limit = fresh_graph(entry, manifest.schema), predicting_limit(entry, manifest.schema)
    ours = partial(_predict, memory, manifest, folder / "memory")
    plain = Plain(partial(models.bilstm, 256), manifest)
    yield Race("Predict: bidirectional LSTM, 256 cells", "videos", ours, plain, limit=limit)


def fresh_graph(entry: dict, schema):
    """A graph with fresh weights, as a command would load it."""
    import numpy as np

    from yt8m.models.assemble import build_model
    from yt8m.recipes import read_recipe
    from yt8m.serving.graph import Graph, mean_graph
    from yt8m.serving.member import Member

    model = build_model(read_recipe("yt8m.models", entry, "benchmark"), schema)
    stored = {v.path: np.asarray(v.numpy()) for v in model.variables}
    identity = {"name": "benchmark", "recipe": entry, "schema": schema.as_json()}
    member = Member(stored, identity, "digest")
    return Graph("benchmark", schema, "digest", mean_graph([member], [1.0]), "00000000")


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

    return evaluate(graph, Records(manifest), BATCH, 20, False).videos


def _distil(graph, manifest, folder: Path) -> int:
    from yt8m.outputs.distillation import Layout, distil

    numbers = range(len(manifest.shards))
    layout = Layout("soft_labels", 900)
    distil(graph, manifest, numbers, layout, BATCH, folder / "state", folder / "out")
    return manifest.records


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
