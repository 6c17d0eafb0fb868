"""An ensemble that was trained on records of arrays, with its projections and names."""

from functools import cache
from pathlib import Path

import numpy as np

from tests.projections.samples import frames_of
from tests.serving.stages import write_kind
from tests.small import SCHEMA
from yt8m.data.label_names import label_table
from yt8m.data.schema import Schema
from yt8m.json_files import write_json
from yt8m.projections.files import save_projections
from yt8m.projections.projection import Projection
from yt8m.recipes import read_recipe
from yt8m.serving.preprocessing import GivenFiles

NAMES = ["cat", "dog", "river, wide", "Straße", "tree", "song"]
WIDTHS = {"rgb": 30, "audio": 8}
"""Values of the extractors; the records have 24 and 8."""

KINDS = {
    "rgb": {"kind": "pca_whiten", "size": SCHEMA.features["rgb"]},
    "audio": {"kind": "scale", "low": -2, "high": 2, "rounding": "nearest"},
}
EXTRACTION = {
    "format": 1,
    "images": {"kind": "efficientnet_lite0"},
    "images_digest": "1" * 16,
    "sound": {"kind": "log_mel"},
    "sound_digest": "2" * 16,
    "frame_rule": "nearest",
    "max_frames": 60,
}


def write_linear(folder: Path, schema: Schema = SCHEMA) -> Path:
    """The smallest model with random weights, as a stage folder."""
    recipe = read_recipe("yt8m.models", {"kind": "logistic"}, "model")
    return write_kind(folder, "linear", recipe, schema)


@cache
def fitted(seed: int = 0) -> dict[str, Projection]:
    """The projection of each feature, fitted on frames of this seed."""
    return {
        name: read_recipe("yt8m.projections", KINDS[name], name).fit(
            [frames_of(500, width, seed)], width, name
        )
        for name, width in WIDTHS.items()
    }


def write_given(folder, seed=0, names=NAMES, extraction=None) -> GivenFiles:
    """The files that an ensemble keeps; extraction: changed entries of its description."""
    folder.mkdir(exist_ok=True)
    save_projections(folder / "projections.safetensors", fitted(seed))
    write_json(folder / "extraction.json", EXTRACTION | (extraction or {}))
    (folder / "labels.csv").write_text(label_table(names), encoding="utf-8")
    names_of_files = ("projections.safetensors", "extraction.json", "labels.csv")
    return GivenFiles(*(folder / name for name in names_of_files))


def raw_videos(videos: int, frames: int) -> dict[str, np.ndarray]:
    """Values of the extractors by feature, float32 [videos, frames, R]."""
    return {
        name: frames_of(videos * frames, width).reshape(videos, frames, width)
        for name, width in WIDTHS.items()
    }


def records_of(values: dict[str, np.ndarray]) -> np.ndarray:
    """The bytes of records, uint8 [videos, frames, F]."""
    projections = fitted()
    made = [[projections[n].to_bytes(video) for video in values[n]] for n in SCHEMA.features]
    return np.concatenate(made, axis=2)
