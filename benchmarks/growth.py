"""`python -m benchmarks.growth`: time and memory at one, four and sixteen times the data.

Each measurement runs in its own process. Memory is the peak of the process's own memory (Linux:
`RssAnon`); files that it maps belong to the system's cache and are not counted.
"""

import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import click

from benchmarks.growth_plot import draw

TIMES = (1, 4, 16)
VIDEOS = 512
FRAMES = 60
EPOCHS = 8
"""Epochs of reading; a single one is too short to be timed."""
SHARDS = 240
"""Shards of each split that are planned for at one times the data."""
ALL_SHARDS = 3844
"""Shards of each split of the dataset; the config assigns them to splits by their numbers."""
BATCH = 64


@click.command()
@click.option("--out", default="docs/data", show_default=True, type=click.Path(path_type=Path))
def main(out: Path) -> None:
    """Write growth.json and growth.svg into the folder OUT."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    out.mkdir(parents=True, exist_ok=True)
    rows = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for times in TIMES:
            for work, size, run in _works(folder / str(times), times):
                seconds, megabytes = measured(run)
                rows.append(
                    {
                        "work": work,
                        "times": times,
                        "size": size,
                        "seconds": round(seconds, 2),
                        "megabytes": round(megabytes),
                    }
                )
                click.echo(f"{work:12} {size:>14} {seconds:8.1f} s {megabytes:8.0f} MB")
    (out / "growth.json").write_text(json.dumps(rows, indent=1) + "\n")
    (out / "growth.svg").write_text(draw(rows))


def _works(folder: Path, times: int):
    """(name, size as text, function) of each measurement at `times` times the data."""
    videos, shards = VIDEOS * times, SHARDS * times
    for name, work in (("reading", _read), ("evaluation", _evaluate), ("distillation", _distil)):
        yield name, f"{videos} videos", partial(work, folder, videos)
    yield "planning", f"{shards} shards", partial(_plan, folder, shards)


def measured(work: Callable[[], float]) -> tuple[float, float]:
    """(seconds that `work` reports, peak megabytes of a fresh process that runs it)."""
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_child, args=(work, sender))
    process.start()
    sender.close()
    most = 0.0
    while not receiver.poll(0.02):
        most = max(most, own_megabytes(process.pid))
    try:
        return receiver.recv(), most
    except EOFError:
        raise SystemExit("growth: a measurement failed; see its error above") from None
    finally:
        process.join()


def _child(work: Callable[[], float], sender) -> None:
    sender.send(work())


def own_megabytes(process: int) -> float:
    """Memory of a process and its children not backed by files; 0 if they have ended."""
    folder = Path(f"/proc/{process}")
    try:
        status = (folder / "status").read_text()
        children = (folder / "task" / str(process) / "children").read_text().split()
    except OSError:
        return 0.0
    line = next((row for row in status.splitlines() if row.startswith("RssAnon")), "RssAnon: 0 kB")
    return int(line.split()[1]) / 1024 + sum(own_megabytes(int(child)) for child in children)


def _read(folder: Path, videos: int) -> float:
    from benchmarks.videos import write_videos
    from yt8m.data.order import batches, epoch_order
    from yt8m.data.records import Records
    from yt8m.data.schema import Schema

    manifest = write_videos(folder, videos, Schema(), FRAMES)
    start = time.perf_counter()
    for epoch in range(EPOCHS):
        order = epoch_order(manifest.shard_sizes, 1, epoch, 512)
        for _ in batches(Records(manifest), BATCH, order):
            pass
    return time.perf_counter() - start


def _graph_and_manifest(folder: Path):
    from benchmarks.graphs import write_graph
    from yt8m.data.manifest import read_manifest
    from yt8m.runtime.devices import import_tensorflow
    from yt8m.serving.graph import load_graph

    import_tensorflow()
    manifest = read_manifest(folder / "train.json")
    place = write_graph({"kind": "logistic"}, manifest.schema, folder / "graph")
    return load_graph(place), manifest


def _evaluate(folder: Path, videos: int) -> float:
    from yt8m.data.records import Records
    from yt8m.outputs.evaluation import evaluate

    graph, manifest = _graph_and_manifest(folder)
    start = time.perf_counter()
    evaluate(graph, Records(manifest), BATCH).result()
    return time.perf_counter() - start


def _distil(folder: Path, videos: int) -> float:
    from yt8m.outputs.distillation import Layout, distil

    graph, manifest = _graph_and_manifest(folder)
    start = time.perf_counter()
    numbers, layout = range(len(manifest.shards)), Layout("soft_labels", 900)
    distil(graph, manifest, numbers, layout, BATCH, folder / "state", folder / "soft")
    return time.perf_counter() - start


def _plan(folder: Path, shards: int) -> float:
    """A dry run of config/yt8m.yaml over `shards` empty shards in each split."""
    frames = folder / "frames"
    frames.mkdir(parents=True)
    for split in ("train", "validate", "test"):
        for number in range(0, ALL_SHARDS, ALL_SHARDS // shards):
            (frames / f"{split}{number:04d}.tfrecord").touch()
    root = Path(__file__).parents[1]
    command = [sys.executable, "-m", "snakemake", "--dry-run", "--quiet", "--cores", "1"]
    command += ["--snakefile", root / "Snakefile", "--configfile", root / "config/yt8m.yaml"]
    environment = {**os.environ, "YT8M_FRAMES": str(frames)}
    start = time.perf_counter()
    subprocess.run(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
