"""The results of a run, as digests: the files that must not depend on interruptions."""

import csv
import hashlib
from pathlib import Path

PATTERNS = (
    "data/*/*.tfrecord",
    "data/*.json",
    "models/*/config.json",
    "models/*/*/config.json",
    "models/*/*/weights.safetensors",
    "models/*/*/history.csv",
    "models/*/*/sizes.json",
    "models/*/*/metrics.*.json",
    "models/*/*/classes.*.parquet",
    "models/*/*/videos.*.parquet",
    "ensembles/*/ensemble.json",
    "ensembles/*/graph/**/*",
    "ensembles/*/fingerprint.json",
    "ensembles/*/size.json",
    "ensembles/*/metrics.*.json",
    "ensembles/*/classes.*.parquet",
    "ensembles/*/videos.*.parquet",
    "ensembles/*/*.tar.gz",
    "distillation/*/*",
    "predictions/*/*",
    "run.json",
    "confidence.*.parquet",
    "report.html",
)
"""All of a results folder except files that contain times: logs and benchmarks."""

TIMES = ("videos_per_second",)
"""Columns of histories that contain times."""


def digests(results: Path, patterns: tuple[str, ...] = PATTERNS) -> dict[str, str]:
    """SHA-256 of each file that matches, by its path below `results`; histories without times."""
    files = {file for pattern in patterns for file in results.glob(pattern) if file.is_file()}
    return {
        str(file.relative_to(results)): hashlib.sha256(_content(file)).hexdigest()
        for file in sorted(files)
    }


def _content(file: Path) -> bytes:
    if file.name != "history.csv":
        return file.read_bytes()
    with file.open(newline="") as lines:
        rows = list(csv.DictReader(lines))
    return repr([{w: v for w, v in row.items() if w not in TIMES} for row in rows]).encode()


def differences(one: dict[str, str], other: dict[str, str]) -> list[str]:
    """Paths that exist in only one of them, or whose content differs."""
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))
