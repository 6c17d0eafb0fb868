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


def generate_shard(settings: Generate, schema: Schema, split: str, shard: int, path: Path) -> None:
    """Write one shard of a split; its content depends on (seed, split, shard) only.

    Raises ConfigError for a split or shard that the settings do not have.
    """
    settings.check_for(schema)
    if split not in settings.splits:
        names = ", ".join(settings.splits)
        raise ConfigError(f"generate.splits: has no split {split!r}; expected one of {names}.")
    if not 0 <= shard < settings.splits[split][0]:
        raise ConfigError(
            f"generate.splits.{split}: has {settings.splits[split][0]} shards, numbered from 0; "
            f"shard {shard} does not exist."
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
