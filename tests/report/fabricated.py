"""A results folder like that of a run, made without one: real writers, invented numbers."""

import csv
from pathlib import Path

import numpy as np

from yt8m.artefacts import (
    CALIBRATION,
    CONFIG,
    ENSEMBLE,
    ENSEMBLE_FORMAT,
    FINGERPRINT,
    HISTORY,
    RUN,
    SIZE,
    WEIGHTS,
)
from yt8m.calibration.score_counts import ScoreCounts
from yt8m.calibration.summary_files import summary
from yt8m.calibration.thresholds import choose_thresholds
from yt8m.config.experiment import read_experiment, whole_entry
from yt8m.config.model import read_model_config
from yt8m.data.manifest import Manifest, Shard, write_manifest
from yt8m.data.schema import Schema
from yt8m.error_analysis.confusions import ConfusedClasses
from yt8m.error_analysis.mistakes import MistakenVideos
from yt8m.json_files import read_json, write_json
from yt8m.metrics.accumulate import Metrics
from yt8m.metrics.cross_entropy import losses
from yt8m.metrics.files import write_class_table, write_metrics
from yt8m.metrics.origin import Origin
from yt8m.metrics.resample_files import write_resamples
from yt8m.metrics.video_files import VideoWriter
from yt8m.provenance import provenance
from yt8m.quantisation import quantise_stage
from yt8m.report.compared_graphs import resample_run
from yt8m.training.measurements import VALIDATION
from yt8m.weights import read_header, save_weights
from yt8m.workflow.layout import Layout
from yt8m.workflow.names import Names

SPLITS = {"train": 900, "validate": 240, "test": 300}

CONFIG_ENTRIES = {
    "dataset": {
        "classes": 40,
        "features": {"rgb": 12, "audio": 4},
        "max_frames": 30,
        "source": {
            "kind": "records",
            "files": {split: [f"/shards/{split}-0.tfrecord"] for split in SPLITS},
        },
    },
    "models": {
        "vlad": {"kind": "netvlad", "clusters": 4, "hidden": 8},
        "words": {"kind": "gated_dbof", "clusters": 16, "hidden": 8},
        "vlad_student": {"kind": "netvlad", "clusters": 4, "hidden": 8, "teacher": "teacher"},
    },
    "ensembles": {
        "teacher": {"members": {"vlad": 0.5, "words": 0.5}},
        "final": {"members": {"vlad_student": 1.0}, "budget_bytes": 100_000},
    },
}
QUALITY = {"trained": 0.0, "ema": 0.35, "quantised": 0.3}
"""What a stage adds to the quality of predictions."""


def fabricate(
    folder: Path,
    config: dict = CONFIG_ENTRIES,
    size: int = 90,
    names: list[str] | None = None,
    splits: tuple[str, ...] = ("validate",),
) -> dict:
    """Fill `folder`; returns the arguments for `read_content` but the folder: a title.

    size: square root of the elements of the larger variable. names: of the classes.
    """
    experiment = read_experiment(config)
    schema = experiment.dataset.schema
    names = names or [f"Entity {c}" for c in range(schema.classes)]
    for split, videos in SPLITS.items():
        write_manifest(_manifest(schema, split, videos), folder / "data" / f"{split}.json")
    for place, name in enumerate(experiment.models):
        write_json(folder / "models" / name / CONFIG, experiment.models[name].entry())
        _model(folder / "models" / name, schema, place, size + 12 * (place % 7))
        for stage, better in QUALITY.items():
            for split in splits:
                quality = 2.2 + 0.14 * (place * 5 % 9) + better
                stage_folder = folder / "models" / name / stage
                graph = read_header(stage_folder / WEIGHTS)[1]
                _metrics(stage_folder, split, schema, quality, names, graph)
    for name, ensemble in experiment.ensembles.items():
        _ensemble(folder, name, ensemble, schema)
        for split in splits:
            quality = 3.9 if name in experiment.teachers() else 3.75
            _metrics(folder / "ensembles" / name, split, schema, quality, names, name)
    _calibration(folder, experiment.run.final, splits[0], schema)
    _errors(folder, experiment.run.final, splits[0], schema, names)
    for teacher in experiment.teachers():
        soft = _manifest(schema, "train", SPLITS["train"], "soft_labels")
        write_manifest(soft, folder / "distillation" / teacher / "manifest.json")
    made = Names(experiment).facts().as_json() | {"evaluate": list(splits)}
    write_json(folder / RUN, provenance(whole_entry(experiment), made))
    resamples = resample_run(folder, None, resamples=200, seed=0, level=0.95)
    write_resamples(Path(Layout(str(folder)).resamples(splits[0])), resamples)
    return {"title": experiment.title}


def other_facts(folder: Path, **facts) -> None:
    """Change what the `run.json` in a folder says is made."""
    run = read_json(folder / RUN)
    write_json(folder / RUN, {**run, "made": {**run["made"], **facts}})


def _manifest(schema: Schema, split: str, videos: int, kind: str = "frames") -> Manifest:
    shards = [
        Shard(Path(f"/shards/{split}-{i}.tfrecord"), videos // 3, 1000 * videos, f"{i:064d}")
        for i in range(3)
    ]
    return Manifest(schema, split, tuple(shards), kind)


def _model(folder: Path, schema: Schema, place: int, size: int) -> None:
    """Weights, sizes and histories of all stages."""
    rng = np.random.default_rng(place)
    config = read_model_config(folder / CONFIG)
    header = {"kind": "weights", "model": config.identity}
    for number, stage in enumerate(("trained", "ema")):
        weights = {
            "rgb_vlad/assignment/kernel": rng.normal(size=(2 * size, size)).astype("float32"),
            "hidden/kernel": rng.normal(size=(200, size)).astype("float32"),
            "hidden/bias": rng.normal(size=size).astype("float32"),
        }
        save_weights(folder / stage / WEIGHTS, weights, header)
        history, rows = folder / stage / HISTORY, 40 - 20 * number
        _history(history, rng, rows, 40 * number, config.training.validate is not None)
    quantise_stage(folder / "ema" / WEIGHTS, config.quantise, folder / "quantised")


def _history(path: Path, rng: np.random.Generator, rows: int, start: int, validated: bool) -> None:
    """validated: whether every fourth row has measurements, which become worse from the middle."""
    columns = ["step", "epoch", "videos", "learning_rate", "loss", "l2_loss", "gap"]
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns + list(VALIDATION if validated else ()))
        for row in range(1, rows + 1):
            done = (start + row) / 60
            loss = 4 + 20 * np.exp(-6 * done) + rng.normal(0, 0.2)
            gap = 0.9 - 0.8 * np.exp(-4 * done) + rng.normal(0, 0.02)
            found = [row * 20, row / 10, row * 640, 2e-4, loss, 0.1, gap]
            worse = abs(row - 20) / 100
            measured = [6 + worse, 0.8 - worse] if row % 4 == 0 else ["", ""]
            writer.writerow(found + (measured if validated else []))


def _metrics(
    folder: Path, split: str, schema: Schema, quality: float, names: list[str], graph: str
) -> None:
    metrics = Metrics(schema.classes, top_k=20)
    scores = metrics.add(*_predictions(split, schema, quality), 9.0 - quality)
    origin = Origin(split, graph, _manifest(schema, split, SPLITS[split]).digest)
    with VideoWriter(folder / f"videos.{split}.parquet", min(20, schema.classes), origin) as videos:
        ids = [f"{number:04x}" for number in range(SPLITS[split])]
        videos.add(ids, np.full(len(ids), 9.0 - quality), scores)
    result = metrics.result()
    write_metrics(folder / f"metrics.{split}.json", result)
    write_class_table(folder / f"classes.{split}.parquet", result.classes, names, origin)


def _predictions(split: str, schema: Schema, quality: float) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities and labels; true labels score higher by `quality` standard deviations."""
    rng = np.random.default_rng(5)
    share = np.minimum(0.5, 1.2 / np.arange(1, schema.classes + 1))
    labels = rng.random((SPLITS[split], schema.classes)) < share
    scores = rng.normal(size=labels.shape) + quality * labels - 4 + np.log10(share)
    return (1 / (1 + np.exp(-scores))).astype("float32"), labels


def _calibration(folder: Path, ensemble: str, split: str, schema: Schema) -> None:
    counts = ScoreCounts(schema.classes)
    counts.add(*_predictions(split, schema, 3.75))
    scores = counts.scores(split, ensemble, _manifest(schema, split, SPLITS[split]).digest)
    found = choose_thresholds(scores.videos, scores.positives, min_positives=10)
    write_json(folder / "ensembles" / ensemble / CALIBRATION, summary(scores, found, None, 10))


def _errors(folder: Path, ensemble: str, split: str, schema: Schema, names: list[str]) -> None:
    """What the final ensemble gets wrong, as its evaluation collects it."""
    predictions, labels = _predictions(split, schema, 3.75)
    ids = [f"v{number:03d}" for number in range(len(labels))]
    digest = _manifest(schema, split, SPLITS[split]).digest
    for word, observer in (("mistakes", MistakenVideos), ("confusions", ConfusedClasses)):
        collected = observer(names)
        collected.add(ids, losses(predictions, labels), predictions, labels)
        path = folder / "ensembles" / ensemble / f"{word}.{split}.parquet"
        collected.write(path, split, ensemble, digest)


def _ensemble(folder: Path, name: str, ensemble, schema: Schema) -> None:
    """`ensemble.json` and `size.json`, of members in their stage folders."""
    members = []
    for member, weight in ensemble.members.items():
        stage = folder / "models" / member / ensemble.stage
        variables = [
            {"variable": f"layer_{i}/kernel", "shape": [n, 2], "elements": 2 * n}
            | {"storage": "codebook", "stored_as": "codebook, 8 bits", "size_bytes": 2 * n + 1024}
            for i, n in enumerate((9000, 4000, 900, 300, 100))
        ]
        members.append(
            {
                "name": member,
                "weight": weight,
                "recipe": {},
                "digest": read_header(stage / WEIGHTS)[1],
                "variables": variables,
            }
        )
    target = folder / "ensembles" / name
    head = {"format": ENSEMBLE_FORMAT, "name": name, "code": "c", "schema": schema.as_json()}
    write_json(target / ENSEMBLE, {**head, "members": members})
    write_json(target / FINGERPRINT, {"digest": name, "teacher": name})
    own = {m["name"]: sum(v["size_bytes"] for v in m["variables"]) for m in members}
    size = {
        "name": name,
        "size_bytes": sum(own.values()) + 20_000,
        "budget_bytes": ensemble.budget_bytes,
        "member_bytes": own,
        "graph_bytes": 20_000,
        "parameters": sum(v["elements"] for m in members for v in m["variables"]),
    }
    write_json(target / SIZE, size)
