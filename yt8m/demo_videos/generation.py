"""All clips of the second demo in a folder, and the table that lists them."""

import csv
import os
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from yt8m.atomic import is_finished, replacing
from yt8m.demo_videos.clip import Clip
from yt8m.demo_videos.random_clips import new_clip, random_clip
from yt8m.demo_videos.writing import encoder_versions, write_clip
from yt8m.errors import ArtefactError, OutputError
from yt8m.json_files import read_json, write_json
from yt8m.locks import locked_results
from yt8m.own_data.columns import SEPARATOR
from yt8m.progress import Progress
from yt8m.sources import digest_of

TABLE, CLIPS, NEW = "videos.csv", "clips", "new.mp4"
MADE_WITH = "made-with.json"
"""The seed, the code and the versions that the clips in a folder were made with."""

SPLITS = ("train", "train", "train", "train", "validate", "test")
"""Of clips 0 to 5, and so on, so that a clip's split does not depend on how many there are."""


@dataclass(frozen=True)
class Generated:
    """Paths of the table and of the clip outside it, and how many of all clips were encoded now."""

    table: Path
    new: Path
    clips: int
    encoded: int


def generate_videos(folder: Path, videos: int, seed: int, threads: int = 0) -> Generated:
    """Write `videos` clips, the table of them, and a clip that is not in the table.

    Clips that are there already, made with the same seed and code, are kept; others are replaced.
    A clip depends on the seed and on its number only. threads: clips that are encoded at the same
    time; 0 for one per core.
    Raises ConfigError without PyAV, OutputError for a folder that cannot be written, LockError
    while another process writes it.
    """
    clips = {folder / CLIPS / f"clip-{number:04d}.mp4": number for number in range(videos)}
    wanted = {path: random_clip(seed, number) for path, number in clips.items()}
    wanted[folder / NEW] = new_clip(seed)
    about = {"seed": seed, "code": digest_of(__name__), "encoders": encoder_versions()}
    with locked_results(folder):
        if _made_with(folder / MADE_WITH) != about:
            _refuse_foreign(folder, [*wanted, folder / TABLE])
            for path in wanted:
                path.unlink(missing_ok=True)
            write_json(folder / MADE_WITH, about)
        missing = {path: clip for path, clip in wanted.items() if not is_finished(path)}
        _write_all(missing, len(wanted), threads)
        table = folder / TABLE
        write_table(table, [(path, wanted[path], SPLITS[n % 6]) for path, n in clips.items()])
    return Generated(table, folder / NEW, len(wanted), len(missing))


def _refuse_foreign(folder: Path, files: Sequence[Path]) -> None:
    """Raises OutputError if files exist where this command has never written."""
    there = [] if (folder / MADE_WITH).exists() else [path for path in files if path.exists()]
    if there:
        raise OutputError(
            f"{there[0]}: is not a generated one, and would be replaced; give a new folder"
        )


def _made_with(path: Path) -> Any:
    """The content of the file, or None without one that can be read."""
    try:
        return read_json(path)
    except ArtefactError:
        return None


def _write_all(clips: dict[Path, Clip], total: int, threads: int) -> None:
    """Encode clips in threads: NumPy and the encoders release Python's lock."""
    threads = threads or os.cpu_count() or 1
    with (
        ThreadPoolExecutor(threads, thread_name_prefix="clips") as pool,
        Progress("generate videos", "clip", total, total - len(clips)) as bar,
    ):
        waiting = [pool.submit(write_clip, clip, path) for path, clip in clips.items()]
        try:
            for done in as_completed(waiting):
                done.result()
                bar.advance()
        finally:
            _cancel(waiting)


def _cancel(waiting: Sequence[Future]) -> None:
    for future in waiting:
        future.cancel()


def write_table(path: Path, rows: Sequence[tuple[Path, Clip, str]]) -> None:
    """Write a table of clips, atomically. rows: file, below the table's folder, clip and split."""
    with replacing(path) as unfinished, unfinished.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["id", "path", "labels", "split"])
        for clip_path, clip, split in rows:
            place = clip_path.relative_to(path.parent).as_posix()
            writer.writerow([clip_path.stem, place, SEPARATOR.join(clip.labels), split])
