"""A small dataset and small models for the tests of several packages."""

import json
from pathlib import Path

from yt8m.config.experiment import read_experiment
from yt8m.config.model import ModelConfig, read_model_config
from yt8m.data.manifest import Manifest, read_manifest, write_manifest
from yt8m.data.schema import Schema
from yt8m.data.sources.generated import Recipe as Generated
from yt8m.data.survey import build_manifest
from yt8m.json_files import write_json

SCHEMA = Schema({"rgb": 24, "audio": 8}, classes=6, max_frames=10)
SOURCE = {
    "kind": "generated",
    "seed": 3,
    "splits": {"train": [2, 60], "validate": [1, 30]},
    "frames_min": 4,
    "frames_max": 10,
    "dummies": {},
}
MODELS = {
    "vlad": {"kind": "netvlad", "clusters": 4, "hidden": 8},
    "bag": {"kind": "gated_dbof", "clusters": 16, "hidden": 8},
    "memory": {"kind": "bilstm", "cells": 6},
    "student": {"kind": "netvlad", "clusters": 4, "hidden": 8, "teacher": "teacher"},
}


def config(**training) -> dict:
    """A complete config with small sizes."""
    return {
        "dataset": {
            "features": dict(SCHEMA.features),
            "classes": SCHEMA.classes,
            "max_frames": SCHEMA.max_frames,
            "source": SOURCE,
        },
        "training": {
            "batch_size": 10,
            "epochs": 2,
            "learning_rate": 0.01,
            "decay": 1.0,  # a constant rate, whatever the length of the run
            "log_steps": 5,
            **training,
        },
        "ema": {"epochs": 1, "learning_rate": 0.002, "memory_steps": 5},
        "quantise": {"min_elements": 100},
        "models": MODELS,
        "ensembles": {
            "teacher": {"members": {"vlad": 0.5, "bag": 0.25, "memory": 0.25}},
            "final": {"members": {"student": 1.0}, "budget_bytes": 10_000_000},
        },
        "run": {"predict": ["validate"]},
    }


def shard_name(split: str, shard: int, shards: int) -> str:
    """File name of a generated shard, as the workflow has it: train-00003-of-00008.tfrecord."""
    return f"{split}-{shard:05d}-of-{shards:05d}.tfrecord"


def generate_split(settings: Generated, schema: Schema, split: str, folder: Path) -> list[Path]:
    """Write the shards of a split into a folder, one after the other; returns their paths."""
    shards = settings.splits.get(split, (0, 0))[0]
    paths = [folder / shard_name(split, shard, shards) for shard in range(max(shards, 1))]
    for shard, path in enumerate(paths):
        settings.make_shard(split, shard, schema, path)
    return paths


def write_dataset(folder: Path) -> dict[str, Manifest]:
    """The splits' shards and manifests (`folder/<split>.json`)."""
    settings = Generated(
        seed=3,
        splits={split: tuple(n) for split, n in SOURCE["splits"].items()},
        frames_min=4,
        frames_max=10,
        dummies={},
    )
    for split in settings.splits:
        shards = generate_split(settings, SCHEMA, split, folder / split)
        write_manifest(build_manifest(shards, SCHEMA, split, 1), folder / f"{split}.json")
    return {split: read_manifest(folder / f"{split}.json") for split in settings.splits}


def write_model_config(folder: Path, name: str, **training) -> ModelConfig:
    """`folder/config.json` of one of the models above."""
    experiment = read_experiment(json.loads(json.dumps(config(**training))))
    write_json(folder / "config.json", experiment.models[name].entry())
    return read_model_config(folder / "config.json")
