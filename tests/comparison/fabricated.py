"""Results folders of finished runs, made without training: real writers, invented predictions."""

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from yt8m.config.experiment import read_experiment, whole_entry
from yt8m.config.flat import flat_settings
from yt8m.json_files import write_json
from yt8m.metrics.accumulate import Metrics
from yt8m.metrics.files import write_metrics
from yt8m.metrics.origin import Origin
from yt8m.metrics.video_files import VideoWriter
from yt8m.workflow.layout import Layout, metric_files
from yt8m.workflow.names import Names

CLASSES = 25
RECORDS = "5" * 64
SOURCE = {"kind": "records", "files": {"train": ["/t.tfrecord"], "validate": ["/v.tfrecord"]}}
VLAD = {"kind": "netvlad", "clusters": 8, "hidden": 16}

Quality = Callable[[Mapping], float]
"""How much better than chance a model with these settings predicts."""


def config(**entries) -> dict:
    """A config with one model, `vlad`, and other top-level entries."""
    return {
        "dataset": {"classes": CLASSES, "features": {"rgb": 8}, "source": SOURCE},
        "models": {"vlad": VLAD},
        "ensembles": {"final": {"members": {"vlad": 1.0}}},
        **entries,
    }


def by_settings(settings: Mapping) -> float:
    """More clusters are better, so is a learning rate near 0.003; seeds differ a little."""
    rate = abs(np.log10(settings["training.learning_rate"] / 3e-3))
    seed = np.random.default_rng(settings["training.seed"]).normal()
    return 1.4 + 0.02 * settings.get("clusters", 8) - 0.4 * rate + 0.05 * seed


def fabricate(
    folder: Path,
    config: Mapping,
    quality: Quality = by_settings,
    videos: int = 120,
    records: str = RECORDS,
    top_k: int = 20,
) -> Path:
    """Fill `folder` with the files of a run that `yt8m compare` reads; returns it."""
    experiment, layout = read_experiment(config), Layout(str(folder))
    facts = Names(experiment).facts().as_json()
    write_json(layout.run, {"made": facts, "settings": whole_entry(experiment)})
    for name, model in experiment.made_models().items():
        for part, stage in (("trained/", "trained"), ("ema/", "ema"), ("", "quantised")):
            Path(layout.stage(name, stage)).mkdir(parents=True, exist_ok=True)
            write_json(layout.config(name, part), model.entry(stage))
            if stage != "quantised":
                Path(layout.fitted(name, stage)["history"]).write_text(HISTORY)
        settings = flat_settings(model)
        _evaluated(layout.stage(name, "quantised"), quality(settings), videos, records, top_k)
    for name in experiment.made_ensembles():
        digest = _evaluated(layout.ensemble(name), 2.2, videos, records, top_k)
        write_json(layout.fingerprint(name), {"digest": digest, "teacher": digest})
        write_json(layout.size(name), {"size_bytes": 123_456})
    return folder


HISTORY = "step,epoch,videos,videos_per_second\n1,0.1,50,25.0\n20,1.0,1000,95.0\n"
"""Of 2 + 10 seconds."""


def _evaluated(folder: str, quality: float, videos: int, records: str, top_k: int) -> str:
    """Metrics and what each video contributes; returns the digest of the graph."""
    Path(folder).mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(7)
    labels = rng.random((videos, CLASSES)) < 0.12
    scores = 1 / (1 + np.exp(3 - quality * labels - rng.normal(size=labels.shape)))
    metrics, digest = Metrics(CLASSES, top_k), hashlib.sha256(f"{quality}".encode()).hexdigest()
    found = metrics.add(scores.astype("float32"), labels, 1.0)
    files = metric_files(folder, "validate")
    with VideoWriter(Path(files["videos"]), top_k, Origin("validate", digest, records)) as writer:
        writer.add([f"{n:04x}" for n in range(videos)], np.ones(videos), found)
    write_metrics(files["metrics"], metrics.result(), digest, records)
    return digest
