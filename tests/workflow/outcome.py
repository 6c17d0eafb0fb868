"""What a run leaves behind, as digests: the files that must not depend on how it went."""

import hashlib
from pathlib import Path

PATTERNS = (
    "data/*/*.tfrecord",
    "data/*.json",
    "models/*/config.json",
    "models/*/*/config.json",
    "models/*/*/weights.safetensors",
    "models/*/*/sizes.json",
    "models/*/*/metrics.*.json",
    "models/*/*/classes.*.parquet",
    "ensembles/*/ensemble.json",
    "ensembles/*/graph/**/*",
    "ensembles/*/fingerprint.json",
    "ensembles/*/size.json",
    "ensembles/*/metrics.*.json",
    "ensembles/*/classes.*.parquet",
    "ensembles/*/*.tar.gz",
    "distillation/*/*",
    "predictions/*/*",
)
"""All of a results folder but what tells of time: logs, benchmarks, histories and the report."""


def digests(results: Path, patterns: tuple[str, ...] = PATTERNS) -> dict[str, str]:
    """SHA-256 of each file that matches, by its path below `results`."""
    files = {file for pattern in patterns for file in results.glob(pattern) if file.is_file()}
    return {
        str(file.relative_to(results)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(files)
    }


def differences(one: dict[str, str], other: dict[str, str]) -> list[str]:
    """Paths that only one of them has, or whose content differs."""
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))
