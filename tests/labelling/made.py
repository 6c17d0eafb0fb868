"""An ensemble with random weights that was made from videos, and the records of such videos."""

from pathlib import Path

import numpy as np

from tests.serving.stages import write_stage
from tests.small import SCHEMA
from yt8m.data.label_names import label_table
from yt8m.data.records import Records
from yt8m.data.survey import build_manifest
from yt8m.own_data.left_out import LeftOut
from yt8m.own_data.rows import Row
from yt8m.own_data.shards import Written, write_shard
from yt8m.projections.files import save_projections
from yt8m.projections.projection import Projection
from yt8m.recipes import read_recipe
from yt8m.serving.ensemble import export_ensemble
from yt8m.serving.preprocessing import GivenFiles
from yt8m.video.description import IMAGES, SOUNDS, Extraction
from yt8m.video.extraction import Extractors, extract
from yt8m.video.store import Store

NAMES = ("cat", "dog, barking", "río", "song", "tree", "<b>")
WIDTHS = {"rgb": 1280, "audio": 128}


def projections() -> dict[str, Projection]:
    """From the extractors' values to the records of SCHEMA, well spread over its bytes."""
    rng = np.random.default_rng(0)
    found = {}
    for name, size in SCHEMA.features.items():
        shape = (WIDTHS[name], size)
        found[name] = Projection(
            "pca_whiten",
            shape[0],
            frames=99,
            mean=rng.normal(0.4, 0.2, shape[0]).astype("f4"),
            vectors=(rng.normal(size=shape) / np.sqrt(shape[0])).astype("f4"),
            deviations=np.full(size, 0.5 if name == "rgb" else 4, "f4"),
        )
    return found


def extraction() -> Extraction:
    images = read_recipe(IMAGES, {"kind": "efficientnet_lite0"}, "images")
    sound = read_recipe(SOUNDS, {"kind": "log_mel"}, "sound")
    return Extraction(images, sound, "nearest", SCHEMA.max_frames)


def write_ensemble(folder: Path, videos: bool = True) -> Path:
    """`folder/it`: an ensemble of one model that was made from videos, or else feature files."""
    stage = write_stage(folder / "models", "vlad")
    save_projections(folder / "p.safetensors", projections())
    extraction().write(folder / "extraction.json")
    (folder / "labels.csv").write_text(label_table(NAMES), encoding="utf-8")
    described = folder / "extraction.json" if videos else None
    given = GivenFiles(folder / "p.safetensors", described, folder / "labels.csv")
    export_ensemble("it", {stage: 1.0}, folder / "it", given=given)
    return folder / "it"


def records_of(clips: list[Path], folder: Path) -> Records:
    """The records of videos, made as a run makes them: by way of the store of features."""
    described = extraction()
    networks = Extractors.load(described.images, described.sound, 0)
    store, rows = Store(folder / "store"), []
    for clip in clips:
        found = extract(clip, networks, described.max_frames, described.rule).features
        store.add(clip.stem, {name: a for name, a in found.items() if a is not None})
        path = store.path(clip.stem)
        places = {name: "" if a is None else f"{path}:{name}" for name, a in found.items()}
        rows.append(Row(clip.stem, places, (), clip.stem))
    shard = folder / "clips.tfrecord"
    write_shard(shard, rows, SCHEMA, projections(), Written(LeftOut(strict=True)))
    return Records(build_manifest([shard], SCHEMA, "clips"))
