"""Small videos and shards for the tests of `yt8m.data`."""

from pathlib import Path

import numpy as np

from yt8m.data.examples import encode_video
from yt8m.data.manifest import Manifest
from yt8m.data.schema import Schema, Video
from yt8m.data.survey import build_manifest
from yt8m.data.tfrecord import write_records

SMALL = Schema({"rgb": 6, "audio": 3}, classes=10, max_frames=8)
MEANS = Schema({"rgb": 6, "audio": 3}, classes=10, layout="video")


def make_video(seed: int, frames: int = 4, schema: Schema = SMALL, **more) -> Video:
    """A video of random bytes (or floats) named v<seed>, with one label: seed modulo classes."""
    generator = np.random.default_rng(seed)
    if schema.layout == "video":
        values = {n: generator.normal(size=s).astype("f4") for n, s in schema.features.items()}
    else:
        values = {
            name: generator.integers(0, 256, (frames, size), np.uint8)
            for name, size in schema.features.items()
        }
    return Video(f"v{seed}", (seed % schema.classes,), values, **more)


def write_split(
    folder: Path, sizes=(3, 2, 4), schema: Schema = SMALL, lengths=(4, 1, 7)
) -> Manifest:
    """Shards of these many videos, ids v0, v1, ... over all of them, and their manifest."""
    seed = 0
    for number, size in enumerate(sizes):
        videos = [
            make_video(seed + i, lengths[(seed + i) % len(lengths)], schema) for i in range(size)
        ]
        payloads = [encode_video(video, schema) for video in videos]
        write_records(folder / f"train-{number:02}.tfrecord", payloads)
        seed += size
    return build_manifest(str(folder / "train-*.tfrecord"), schema, "train", workers=1)
