"""Shards of a generated dataset."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from yt8m.data.examples import encode_video
from yt8m.data.generate.frames import mean_of_bytes
from yt8m.data.generate.settings import Generate
from yt8m.data.generate.videos import draw_videos
from yt8m.data.generate.world import World, build_world
from yt8m.data.schema import Schema
from yt8m.data.tfrecord import write_records
from yt8m.errors import ConfigError


def shard_name(split: str, shard: int, shards: int) -> str:
    """File name of a shard, counted from 0: train-00003-of-00008.tfrecord."""
    return f"{split}-{shard:05d}-of-{shards:05d}.tfrecord"


def generate_split(settings: Generate, schema: Schema, split: str, folder: Path) -> list[Path]:
    """Write the shards of a split into a folder and return their paths.

    The schema's layout decides what is written; the videos are the same in both. One video is in
    memory at a time. Raises ConfigError for settings that cannot be.
    """
    shards = settings.splits.get(split, (0, 0))[0]
    paths = [Path(folder) / shard_name(split, shard, shards) for shard in range(max(shards, 1))]
    for shard, path in enumerate(paths):
        generate_shard(settings, schema, split, shard, path)
    return paths


def generate_shard(settings: Generate, schema: Schema, split: str, shard: int, path: Path) -> None:
    """Write one shard of a split; its content depends on (seed, split, shard) alone."""
    settings.check_for(schema)
    if split not in settings.splits:
        names = ", ".join(settings.splits)
        raise ConfigError(f"generate.splits: holds no {split!r}; there are {names}.")
    if not 0 <= shard < settings.splits[split][0]:
        raise ConfigError(
            f"generate.splits.{split}: has {settings.splits[split][0]} shards; no number {shard}."
        )
    world = build_world(settings, schema)
    write_records(path, _payloads(settings, schema, world, split, shard))


def _payloads(
    settings: Generate, schema: Schema, world: World, split: str, shard: int
) -> Iterator[bytes]:
    for video in draw_videos(settings, schema, world, split, shard):
        if schema.layout == "video":
            means = {name: mean_of_bytes(frames) for name, frames in video.features.items()}
            video = replace(video, features=means)
        yield encode_video(video, schema)
