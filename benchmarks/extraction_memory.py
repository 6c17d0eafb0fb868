"""`python -m benchmarks.extraction_memory`: memory of extraction, which longer videos do not need.

Peaks of the process's own memory (Linux: `RssAnon`), each in a fresh process.
"""

import os
import tempfile
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import click

from benchmarks.extraction import THREADS, write_video
from benchmarks.growth import measured
from yt8m.text_tables import format_table, numbers, words

TIMES = 10
"""How many times as long, or as many, the videos become."""


@click.command()
@click.option("--seconds", default=60, show_default=True, help="Length of the short video.")
def main(seconds: int) -> None:
    """Extract one short video, ten of them, and one that is ten times as long."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    with tempfile.TemporaryDirectory() as name:
        short = write_video(Path(name) / "short.mp4", seconds)
        long = write_video(Path(name) / "long.mp4", TIMES * seconds)
        click.echo(table_of(short, long, seconds), nl=False)


def table_of(short: Path, long: Path, seconds: int) -> str:
    """A line for each work: seconds of video per second, and megabytes."""
    works = [
        (f"one video of {seconds} s", [short]),
        (f"{TIMES} videos of {seconds} s", [short] * TIMES),
        (f"one video of {TIMES * seconds} s", [long]),
    ]
    rows = []
    for title, paths in works:
        took, megabytes = measured(partial(extracted, paths, TIMES * seconds))
        total = seconds * (1 if paths == [short] else TIMES)
        rows.append((title, f"{total / took:.1f}", f"{megabytes:.0f}"))
    return format_table([*words("work"), *numbers("times real time", "MB")], rows)


def extracted(paths: Sequence[Path], most_seconds: int) -> float:
    """Seconds that the extraction of these videos takes, with networks that are loaded once."""
    from yt8m.extractors.images.efficientnet_lite0 import Recipe as Images
    from yt8m.extractors.sounds.speech_embedding import Recipe as Sound
    from yt8m.video.extraction import Extractors, extract

    extractors = Extractors.load(Images(), Sound(), THREADS)
    start = time.perf_counter()
    for path in paths:
        extract(path, extractors, most_seconds)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
