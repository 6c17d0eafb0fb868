"""Shards of a generated dataset."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from yt8m.data.examples import encode_video
from yt8m.data.generate.frames import mean_of_bytes
from yt8m.data.generate.videos import sample_videos
from yt8m.data.generate.world import World, build_world
from yt8m.data.schema import Schema
from yt8m.data.sources.generated import Recipe as Generated
from yt8m.data.tfrecord import write_records


def generate_shard(settings: Generated, schema: Schema, split: str, shard: int, path: Path) -> None:
    """Write one shard of a split; its content depends on (seed, split, shard) only."""
    world = build_world(settings, schema)
    write_records(path, _payloads(settings, schema, world, split, shard))


def _payloads(
    settings: Generated, schema: Schema, world: World, split: str, shard: int
) -> Iterator[bytes]:
    for video in sample_videos(settings, schema, world, split, shard):
        if schema.layout == "video":
            means = {name: mean_of_bytes(frames) for name, frames in video.features.items()}
            video = replace(video, features=means)
        yield encode_video(video, schema)
