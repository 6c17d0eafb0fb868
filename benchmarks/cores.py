"""`python -m benchmarks.cores`: videos read per second with one, two, four, ... cores.

Each measurement runs in its own process, restricted to so many cores; its processes are too.
"""

import json
import os
import tempfile
import time
from functools import partial
from pathlib import Path
from statistics import median

import click
import numpy as np

from benchmarks.growth import measured
from benchmarks.videos import size_of, write_videos
from yt8m.data.manifest import read_manifest
from yt8m.data.order import batches
from yt8m.data.records import Records
from yt8m.data.schema import Schema

VIDEOS = 2048
BATCH = 128
WARM_SECONDS = 3.0
"""Until processes read, and memory is in use."""
SECONDS = 5.0


@click.command()
@click.option("--rounds", default=3, show_default=True, help="Runs with each number of cores.")
@click.option("--out", default="docs/data", show_default=True, type=click.Path(path_type=Path))
def main(rounds: int, out: Path) -> None:
    """Write cores.json into the folder OUT, and a table to standard output."""
    out.mkdir(parents=True, exist_ok=True)
    cores = sorted(os.sched_getaffinity(0))
    numbers = [n for n in (1, 2, 4, 8, 16, 32) if n <= len(cores)]
    with tempfile.TemporaryDirectory() as name:
        manifest = write_videos(Path(name), VIDEOS, Schema())
        works = {n: partial(_rate, Path(name) / "train.json", cores[:n]) for n in numbers}
        rates = {n: [] for n in numbers}
        for _ in range(rounds):
            for n, work in works.items():
                rates[n].append(measured(work)[0])
        per_video = size_of(manifest) / manifest.records
    rows = [{"cores": n, "videos_per_second": round(median(rates[n]))} for n in numbers]
    (out / "cores.json").write_text(json.dumps(rows, indent=1) + "\n")
    for n in numbers:
        rate = median(rates[n])
        ratios = [many / one for many, one in zip(rates[n], rates[1], strict=True)]
        click.echo(
            f"{n:3} cores {rate:8,.0f} videos/s {rate * per_video / 1e9:5.1f} GB/s"
            f"  {median(ratios):.2f} ({min(ratios):.2f}-{max(ratios):.2f}) times one core"
        )


def _rate(manifest: Path, cores: list[int]) -> float:
    """Videos per second, from the page cache, in random order, once all that reads has begun."""
    os.sched_setaffinity(0, cores)
    records = Records(read_manifest(manifest))
    order = np.random.default_rng(0).integers(0, len(records), 10_000_000)
    begin, done = time.monotonic() + WARM_SECONDS, 0
    for batch in batches(records, BATCH, order):
        now = time.monotonic()
        if now >= begin:
            done += len(batch.ids)
        if now >= begin + SECONDS:
            return done / (now - begin)
    raise ValueError("the records were read too fast; make the order longer")


if __name__ == "__main__":
    main()
