"""An ensemble with random weights that was made from videos, and how records were made for it."""

import numpy as np

from tests.serving.stages import write_stage
from tests.small import SCHEMA
from yt8m.data.examples import decode_video, encode_video
from yt8m.own_data.left_out import LeftOut
from yt8m.projections.files import save_projections
from yt8m.projections.projection import Projection
from yt8m.recipes import read_recipe
from yt8m.serving.ensemble import export_ensemble
from yt8m.serving.preprocessing import preprocessing_from
from yt8m.video.description import IMAGES, SOUNDS, Extraction

NAMES = ("cat", "dog, barking", "río", "song", "tree", "<b>")
WIDTHS = {"rgb": 1280, "audio": 128}


def projections() -> dict[str, Projection]:
    rng = np.random.default_rng(0)
    found = {}
    for name, size in SCHEMA.features.items():
        width = WIDTHS[name]
        mean = rng.normal(1, 0.3, width).astype("f4")
        vectors = (rng.normal(size=(width, size)) / np.sqrt(width)).astype("f4")
        found[name] = Projection(
            "pca_whiten", width, frames=99, mean=mean, vectors=vectors, deviations=np.ones(size, "f4")
        )
    return found


def write_ensemble(folder, videos: bool = True, preprocessed: bool = True):
    """`folder/it`: an ensemble of one model; from videos, from feature files or from records."""
    stage = write_stage(folder / "models", "vlad")
    description = folder / "extraction.json"
    images, sound = (
        read_recipe(package, {"kind": kind}, kind)
        for package, kind in ((IMAGES, "efficientnet_lite0"), (SOUNDS, "log_mel"))
    )
    Extraction(images, sound, "nearest", SCHEMA.max_frames).write(description)
    save_projections(folder / "p.safetensors", projections())
    made = preprocessing_from(folder / "p.safetensors", description if videos else None, SCHEMA)
    export_ensemble(
        "it",
        {stage: 1.0},
        folder / "it",
        preprocessing=made if preprocessed else None,
        names=NAMES if preprocessed else None,
    )
    return folder / "it"
