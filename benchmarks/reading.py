"""Reading: from shards in the page cache to shuffled, padded batches."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.machine import copying_limit
from benchmarks.race import Peer, Race
from benchmarks.videos import size_of, write_videos
from yt8m.data.manifest import Manifest, read_manifest, write_manifest
from yt8m.data.order import batches, epoch_order
from yt8m.data.records import Records
from yt8m.data.sampling import FrameSampler
from yt8m.data.schema import Schema
from yt8m.data.soft_labels import encode_soft_label
from yt8m.data.survey import build_manifest
from yt8m.data.tfrecord import write_records

BATCH = 128
WINDOW = 512
SAMPLED = 50
AT_ONCE = "tf.data, a batch at once"


def races(folder: Path, scale: float) -> Iterator[Race]:
    """Whole videos, videos with a teacher's soft labels, and a sample of each video's frames."""
    from benchmarks.baselines import reading
    from benchmarks.peers.reading import Parser, shuffled

    manifest = write_videos(folder, max(8, round(2048 * scale)), Schema())
    paths = [str(shard.path) for shard in manifest.shards]
    schema = manifest.schema
    plain = partial(reading.batches, paths, schema.features, schema.classes, BATCH)
    first = partial(_counted, plain)
    parser = Parser(schema.features, schema.classes)
    peer = partial(shuffled, paths, parser, BATCH)
    bytes_per_video = size_of(manifest) / manifest.records
    yield Race(
        "Reading: shuffled batches of 128 videos",
        "videos",
        ours=partial(_epoch, manifest),
        plain=first,
        peers={
            AT_ONCE: Peer(partial(_counted, peer)),
            "tf.data, one video at once": Peer(partial(_counted, partial(plain, dequantise=False))),
        },
        others={
            "TFRecordDataset, nothing parsed": partial(_records, paths),
            "ours without checksums": partial(_epoch, manifest, check_crc=False),
        },
        limit=copying_limit(bytes_per_video),
    )
    soft = write_soft_labels(manifest, folder)
    yield Race(
        "Reading with a teacher's soft labels (plain way: without)",
        "videos",
        ours=partial(_epoch, manifest, soft_labels=soft),
        plain=first,
        peers={AT_ONCE: Peer(partial(_counted, partial(peer, taught=write_taught(manifest))))},
        limit=copying_limit(bytes_per_video + 4 * schema.classes),
    )
    yield Race(
        f"Reading {SAMPLED} random frames of each video (plain way: all)",
        "videos",
        ours=partial(_epoch, manifest, sampler=FrameSampler("random", SAMPLED)),
        plain=first,
        peers={
            AT_ONCE: Peer(
                partial(_counted, partial(shuffled, paths, replace(parser, sampled=SAMPLED), BATCH))
            )
        },
        limit=copying_limit(SAMPLED * schema.feature_size),
    )


def write_soft_labels(videos: Manifest, folder: Path, keep: int = 900) -> Manifest:
    """Random soft labels for the videos."""
    paths = []
    for shard, ids, rows in _taught(videos):
        paths.append(folder / "soft" / shard.path.name)
        write_records(
            paths[-1],
            (encode_soft_label(i, (), row, keep) for i, row in zip(ids, rows, strict=True)),
        )
    manifest = build_manifest(paths, videos.schema, videos.split, kind="soft_labels")
    write_manifest(manifest, folder / "soft.json")
    return read_manifest(folder / "soft.json")


def write_taught(videos: Manifest) -> list[str]:
    """The same soft labels for the peer, all of their floats; returns the paths."""
    from benchmarks.peers import reading

    paths = []
    for shard, ids, rows in _taught(videos):
        paths.append(str(shard.path.with_suffix(".taught")))
        reading.write_taught([id.encode() for id in ids], rows, paths[-1])
    return paths


def _taught(videos: Manifest):
    """Each shard with its ids and random rows, float32 [N, C]."""
    random, records = np.random.default_rng(1), Records(videos)
    numbers = np.split(np.arange(videos.records), np.cumsum(videos.shard_sizes)[:-1])
    for shard, inside in zip(videos.shards, numbers, strict=True):
        ids = records.batch(inside).ids
        yield shard, ids, random.random((len(ids), videos.schema.classes), np.float32)


def _epoch(
    manifest: Manifest,
    check_crc: bool = True,
    soft_labels: Manifest | None = None,
    sampler: FrameSampler | None = None,
) -> int:
    records = Records(manifest, check_crc, soft_labels)
    order = epoch_order(manifest.shard_sizes, 0, 0, WINDOW)
    sample = None if sampler is None else partial(sampler.sample, 0)
    return sum(len(batch.ids) for batch in batches(records, BATCH, order, frame_sampler=sample))


def _counted(dataset: Callable) -> int:
    return sum(int(ids.shape[0]) for ids, *_ in dataset())


def _records(paths: list[str]) -> int:
    from benchmarks.baselines.reading import unparsed

    return sum(1 for _ in unparsed(paths))
