"""GAP, MAP, PERR and Hit@1 of predicted videos."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.baselines.metrics import Evaluation
from benchmarks.machine import copying_limit
from benchmarks.peers import metrics as peer
from benchmarks.race import Peer, Race
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
        ours=partial(_counted, ours, predictions, labels),
        plain=partial(_counted, baseline, predictions, labels),
        peers={"NumPy, a batch at once": Peer(partial(_counted, numpy_peer, predictions, labels))},
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
    return _by(Metrics(predictions.shape[1]), predictions, labels)


def baseline(predictions: np.ndarray, labels: np.ndarray) -> dict[str, float]:
    """Metrics by heaps."""
    return _by(Evaluation(predictions.shape[1]), predictions, labels)


def numpy_peer(predictions: np.ndarray, labels: np.ndarray) -> dict[str, float]:
    """Metrics in NumPy."""
    return _by(peer.Evaluation(predictions.shape[1]), predictions, labels)


def _by(evaluation, predictions: np.ndarray, labels: np.ndarray):
    for start in range(0, len(predictions), BATCH):
        evaluation.add(predictions[start : start + BATCH], labels[start : start + BATCH])
    return evaluation.result()


def _counted(way: Callable, predictions: np.ndarray, labels: np.ndarray) -> int:
    way(predictions, labels)
    return len(predictions)
