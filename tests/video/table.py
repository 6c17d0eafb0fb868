"""Small videos of three colours and tones, some of them silent, and a table of them."""

import csv
from pathlib import Path

import numpy as np

from tests.extractors.onnx_files import onnx_file
from tests.own_data.features import Rows
from tests.video.clips import make_clip, tone

COLOURS = {"blue": (30, 40, 200), "green": (20, 180, 60), "red": (210, 30, 20)}
"""Label -> red, green, blue."""

SIZES = {"rgb": 6, "audio": 128}
TABLE, NETWORK = "videos.csv", "network.onnx"
SOURCE = {
    "kind": "videos",
    "table": TABLE,
    "images": {"kind": "onnx", "model": NETWORK, "size": SIZES["rgb"], "resolution": [8, 10]},
    "sound": {"kind": "log_mel"},
}
"""The source of `write_videos`, with the splits train and validate."""

NAMES = {3: "clips/a [b] {c}, é.mp4"}
"""Row -> a name that is not its id."""


def write_videos(folder: Path, videos: int = 12) -> Rows:
    """Write `videos.csv`, its clips of 2 to 4 seconds and a network; returns the rows.

    Every fourth video is silent: it has no stream of sound.
    """
    (folder / "clips").mkdir()
    rows = []
    for number in range(videos):
        id, label = f"v{number:02d}", list(COLOURS)[number % len(COLOURS)]
        path = NAMES.get(number, f"clips/{id}.mp4")
        write_clip(folder / path, number)
        split = "validate" if number % 4 == 1 else "train"
        rows.append({"id": id, "path": path, "labels": label, "split": split})
    onnx_file(folder / NETWORK, [None, 3, 8, 10], [2, 3], SIZES["rgb"])
    write_rows(folder, rows)
    return rows


def write_clip(path: Path, number: int, brighter: int = 0) -> None:
    """The clip of a row; `brighter` makes another one of it."""
    colour = np.uint8(list(COLOURS.values())[number % len(COLOURS)]) + np.uint8(number + brighter)
    seconds = 2 + number % 3
    make_clip(
        path,
        10 * seconds,
        rate=10,
        picture=lambda _: np.full((48, 64, 3), colour, np.uint8),
        sound=tone(seconds, 300 * (1 + number)) if number % 4 else None,
    )


def write_rows(folder: Path, rows: Rows) -> None:
    """Write `videos.csv`; names need quotes if they have commas."""
    with (folder / TABLE).open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
