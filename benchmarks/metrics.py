"""GAP, MAP, PERR and Hit@1 of predicted videos."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.baselines.metrics import Evaluation
from benchmarks.machine import copying_limit
from benchmarks.race import Race
from yt8m.metrics.accumulate import Metrics
from yt8m.metrics.result import Result

CLASSES = 3862
BATCH = 1024


def races(folder: Path, scale: float) -> Iterator[Race]:
    """20,000 videos in batches of 1,024. folder: not needed."""
    predictions, labels = scored_videos(max(2, round(20_000 * scale)), CLASSES)
    bytes_per_video = predictions[0].nbytes + labels[0].nbytes
    yield Race(
        "GAP@20, MAP, PERR, Hit@1 of 3,862 classes",
        "videos",
        ours=lambda: ours(predictions, labels).videos,
        baseline=partial(_counted, predictions, labels),
        limit=copying_limit(bytes_per_video),
    )


def scored_videos(videos: int, classes: int) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities float32 [N, C], and labels bool [N, C]: about three per video, mostly found."""
    random = np.random.default_rng(3)
    labels = np.zeros((videos, classes), bool)
    rows = np.repeat(np.arange(videos), 3)
    labels[rows, (random.random(len(rows)) ** 3 * classes).astype(int)] = True
    predictions = random.random((videos, classes), np.float32) ** 8 / 2
    predictions[labels] = random.random(labels.sum(), np.float32) ** 0.2
    return predictions, labels


def ours(predictions: np.ndarray, labels: np.ndarray) -> Result:
    """Metrics by `yt8m.metrics`."""
    metrics = Metrics(predictions.shape[1])
    for start in range(0, len(predictions), BATCH):
        metrics.add(predictions[start : start + BATCH], labels[start : start + BATCH])
    return metrics.result()


def baseline(predictions: np.ndarray, labels: np.ndarray) -> dict[str, float]:
    """Metrics by heaps."""
    evaluation = Evaluation(predictions.shape[1])
    for start in range(0, len(predictions), BATCH):
        evaluation.add(predictions[start : start + BATCH], labels[start : start + BATCH])
    return evaluation.result()


def _counted(predictions: np.ndarray, labels: np.ndarray) -> int:
    baseline(predictions, labels)
    return len(predictions)
