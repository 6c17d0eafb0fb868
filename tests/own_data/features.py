"""Feature files of invented videos, and a table of them."""

import csv
from pathlib import Path

import numpy as np

NAMES = ("cat", "dog", "river", "song", "tree")
"""The labels; each moves the means of both features."""

SIZES = {"rgb": 24, "audio": 8}
SOURCE = {
    "kind": "features",
    "table": "mine.csv",
    "columns": {"rgb": "rgb/{id}.npy", "audio": "audio/{id}.npy"},
    "splits": {"train": 0.7, "validate": 0.3},
}
"""The source of `write_features`, with both of its splits."""

Rows = list[dict[str, str]]


def write_features(folder: Path, videos: int = 60) -> Rows:
    """Write `rgb/<id>.npy`, `audio/<id>.npy` and `mine.csv`; returns the rows of the table."""
    rng = np.random.default_rng(0)
    centres = {name: rng.normal(size=(len(NAMES), size)) for name, size in SIZES.items()}
    rows = []
    for number in range(videos):
        id, labels = f"v{number:03d}", rng.random(len(NAMES)) < 0.3
        labels[number % len(NAMES)] = True
        frames = rng.integers(4, 11)
        for name, size in SIZES.items():
            values = labels @ centres[name] + rng.normal(size=(frames, size)) * 0.5
            save(folder, name, id, 7 + 3 * values)
        names = (name for name, is_on in zip(NAMES, labels, strict=True) if is_on)
        rows.append({"id": id, "labels": ";".join(names)})
    write_table(folder, rows)
    return rows


def save(folder: Path, feature: str, id: str, values) -> None:
    """Write an array as float32."""
    (folder / feature).mkdir(exist_ok=True)
    np.save(folder / feature / f"{id}.npy", np.asarray(values, np.float32))


def write_table(folder: Path, rows: Rows) -> None:
    """Write `mine.csv`."""
    with (folder / "mine.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
