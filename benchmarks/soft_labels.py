"""Writing a teacher's probabilities for its students, in both layouts.

The teacher is the same for all and costs next to nothing: rows of a table of probabilities.
"""

import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.machine import copying_limit
from benchmarks.race import Peer, Race
from benchmarks.videos import size_of, write_videos
from yt8m.data.manifest import Manifest
from yt8m.data.schema import Schema

BATCH = 128
KEEP = 900
"""Probabilities kept for each video: under 4 kB."""


def races(folder: Path, scale: float) -> Iterator[Race]:
    """Reading, predicting and writing a split: ours in each layout against full records."""
    manifest = write_videos(folder, max(8, round(1024 * scale)), Schema())
    table = predictions(manifest.schema.classes)
    plain = partial(full_by_protos, manifest, table, folder)
    read = size_of(manifest) / manifest.records
    for kind, written in (("soft_labels", 4 * KEEP), ("full", read)):
        yield Race(
            f"Distillation: writing `{kind}` (plain way: `full`, video by video)",
            "videos",
            ours=partial(distilled, manifest, table, folder, kind),
            plain=plain,
            peers={"TensorFlow's writer": Peer(partial(by_peer, manifest, table, folder, kind))},
            limit=copying_limit(read + written),
        )


def predictions(classes: int) -> np.ndarray:
    """Random probabilities of a batch, most of them small: float32 [BATCH, C]."""
    return np.random.default_rng(2).random((BATCH, classes), np.float32) ** 8


def distilled(manifest: Manifest, table: np.ndarray, folder: Path, kind: str) -> int:
    """Write `folder/<kind>/`, as the workflow does."""
    from yt8m.outputs.distillation import Layout, distil
    from yt8m.serving.graph import Graph

    graph = Graph("table", manifest.schema, "digest", lambda _, lengths: table[: len(lengths)], "")
    numbers = range(len(manifest.shards))
    layout = Layout(kind, KEEP)
    return _anew(
        folder / kind,
        lambda out: distil(graph, manifest, numbers, layout, BATCH, folder / "state", out),
        manifest.records,
    )


def full_by_protos(manifest: Manifest, table: np.ndarray, folder: Path) -> int:
    """Write `folder/protos/` with the baseline."""
    from benchmarks.baselines.distillation import write_full

    paths, schema = [str(shard.path) for shard in manifest.shards], manifest.schema
    write = partial(write_full, paths, schema.features, schema.classes, BATCH)
    return _anew(
        folder / "protos",
        lambda out: write(lambda frames, num_frames: table[: len(frames)], out),
        manifest.records,
    )


def by_peer(
    manifest: Manifest, table: np.ndarray, folder: Path, kind: str, keep: int = KEEP
) -> int:
    """Write `folder/peer-<kind>/` with the peer; `full` has all probabilities."""
    from benchmarks.peers.reading import Parser
    from benchmarks.peers.soft_labels import write_compact, write_full

    paths, schema = [str(shard.path) for shard in manifest.shards], manifest.schema
    parser = Parser(schema.features, schema.classes)
    write = partial(write_compact, keep=keep) if kind == "soft_labels" else write_full

    def predict(frames: np.ndarray, num_frames: np.ndarray) -> np.ndarray:
        return table[: len(frames)]

    return _anew(
        folder / f"peer-{kind}",
        lambda out: write(paths, parser, BATCH, predict, out),
        manifest.records,
    )


def _anew(out: Path, write: Callable[[Path], object], videos: int) -> int:
    shutil.rmtree(out, ignore_errors=True)
    write(out)
    return videos
