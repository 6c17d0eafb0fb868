"""Videos of random bytes, as input of the benchmarks."""

from pathlib import Path

import numpy as np

from yt8m.data.examples import encode_video
from yt8m.data.manifest import Manifest, read_manifest, write_manifest
from yt8m.data.schema import Schema, Video
from yt8m.data.survey import build_manifest
from yt8m.data.tfrecord import write_records

SHARDS = 4
FRAMES = 215
"""Frames per video, about the mean of the dataset."""

LABELS = 3


def write_videos(folder: Path, videos: int, schema: Schema, frames: int = FRAMES) -> Manifest:
    """Frame-level videos in `SHARDS` shards of equal size, ids v0, v1, ..., and their manifest."""
    random = np.random.default_rng(0)
    for shard, numbers in enumerate(np.array_split(np.arange(videos), SHARDS)):
        records = (encode_video(_video(n, frames, schema, random), schema) for n in numbers)
        write_records(folder / f"train-{shard}.tfrecord", records)
    path = folder / "train.json"
    write_manifest(build_manifest(str(folder / "train-*.tfrecord"), schema, "train"), path)
    return read_manifest(path)


def size_of(manifest: Manifest) -> int:
    """Bytes of all shards."""
    return sum(shard.size_bytes for shard in manifest.shards)


def _video(number: int, frames: int, schema: Schema, random: np.random.Generator) -> Video:
    labels = np.unique(random.integers(0, schema.classes, LABELS)).tolist()
    features = {
        name: np.frombuffer(random.bytes(frames * size), np.uint8).reshape(frames, size)
        for name, size in schema.features.items()
    }
    return Video(f"v{number}", tuple(labels), features)
