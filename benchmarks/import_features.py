"""From .npy files of features to records: the processor's time, and the rate from the disk."""

import os
import shutil
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.race import Race

FRAMES, WIDTH = 60, 1024
VIDEOS = 2000
WHAT = f"{FRAMES} frames of {WIDTH:,} floats a video"
UNIT = "bytes of arrays"


def races(folder: Path, scale: float) -> Iterator[Race]:
    """Values in range already; values that are scaled, for which all is read twice; cold files."""
    from benchmarks.baselines.import_features import Loaded, Plain, Read

    paths = write_arrays(folder / "rgb", max(4, round(VIDEOS * scale)))
    for kind, what in (("none", "in range"), ("scale", "scaled, so read twice")):
        yield Race(
            f"Import features, by the processor's time: {WHAT}, {what}",
            UNIT,
            ours=Ours(folder, kind),
            plain=Plain(paths, kind == "scale", folder / "plain.tfrecord"),
            others={"np.load alone": Loaded(paths)},
            clock=time.process_time,
        )
    yield Race(
        f"Import features from the disk: {WHAT}, in range (plain way: one file read after another)",
        UNIT,
        ours=Ours(folder, "none"),
        plain=Read(paths),
        others={"np.load alone": Loaded(paths)},
        before=Forgetting(paths),
        clock=unhindered,
    )


def unhindered() -> float:
    """Seconds of the wall clock without those spent waiting for a processor (Linux)."""
    _, waited_ns, _ = Path("/proc/self/schedstat").read_text().split()
    return time.perf_counter() - int(waited_ns) / 1e9


@dataclass(frozen=True)
class Forgetting:
    """Lets the system forget files, so that they are read from the disk next."""

    paths: Sequence[Path]

    def __call__(self) -> None:
        """Only what is on the disk can be forgotten, so it is flushed first."""
        for path in self.paths:
            with path.open("rb") as file:
                os.fsync(file.fileno())
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


class Ours:
    """`yt8m records import` of the arrays in a folder with their table."""

    def __init__(self, folder: Path, kind: str):
        range = {"low": -2.0, "high": 2.0}
        self.folder, self.out = folder, folder / f"ours-{kind}"
        self.source = {
            "kind": "features",
            "table": str(folder / "mine.csv"),
            "columns": {"rgb": "rgb/{id}.npy"},
            "splits": {"train": 1.0},
            "projections": {"rgb": {"kind": kind, **range}},
        }

    def __call__(self) -> int:
        """Write the records, and count the bytes of the arrays."""
        from yt8m.own_records import import_features, schema_of
        from yt8m.recipes import read_recipe

        shutil.rmtree(self.out, ignore_errors=True)
        source = read_recipe("yt8m.data.sources", self.source, "benchmark")
        completed, schema = schema_of(source, {"rgb": WIDTH}, FRAMES, "frame")
        import_features(completed, schema, "train", self.out)
        return sum(path.stat().st_size for path in (self.folder / "rgb").iterdir())


def write_arrays(folder: Path, videos: int) -> list[Path]:
    """Arrays v00000.npy, ..., float32 [FRAMES, WIDTH], and beside the folder a table of them."""
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(0)
    values = random.standard_normal((2 * FRAMES, WIDTH), np.float32)
    ids = [f"v{number:05d}" for number in range(videos)]
    for number, id in enumerate(ids):
        start = number % FRAMES
        np.save(folder / f"{id}.npy", values[start : start + FRAMES])
    lines = ["id,labels", *(f"{id},first" for id in ids)]
    (folder.parent / "mine.csv").write_text("\n".join(lines) + "\n")
    return [folder / f"{id}.npy" for id in ids]
