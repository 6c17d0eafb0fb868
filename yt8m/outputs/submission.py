"""The challenge's CSV: a line per video with its most probable classes and their probabilities.

VideoId,LabelConfidencePairs
000a,3 1 14 0.529832 10 0.280722
"""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from yt8m.atomic import replacing
from yt8m.data.ids import CONTROL, FORMULA, unsafe_reason
from yt8m.errors import ArtefactError, ConfigError
from yt8m.outputs.prediction_files import PredictedVideo, open_predictions, read_predictions

UNSAFE_IDS = ("refuse", "leave-out", "escape")
"""What to do with ids that are unsafe in a CSV."""

HEADER = "VideoId,LabelConfidencePairs\n"


@dataclass
class Written:
    """Numbers of lines written, of lines with an escaped id, and of videos left out."""

    lines: int = 0
    escaped: int = 0
    left_out: int = 0

    def summary(self) -> str:
        """A summary of one line."""
        words = f"{self.lines:,} videos"
        if self.escaped:
            words += f", {self.escaped:,} of them with an escaped id"
        if self.left_out:
            words += f"; {self.left_out:,} were left out because of unsafe ids"
        return words


def write_submission(
    parquet_path: str | Path, csv_path: str | Path, top_k: int = 20, unsafe_ids: str = "refuse"
) -> Written:
    """Write the `top_k` most probable classes of every video of a file of predictions.

    unsafe_ids: one of UNSAFE_IDS, for ids that break the CSV or that a spreadsheet reads as a
        formula.
    Raises ArtefactError if the file has fewer classes per video, or for an unsafe id that is to be
    refused; then nothing is written.
    """
    if unsafe_ids not in UNSAFE_IDS:
        raise ConfigError(f"unsafe_ids: is {unsafe_ids!r}; expected one of {', '.join(UNSAFE_IDS)}")
    with open_predictions(parquet_path) as file:
        about = file.schema_arrow.metadata
    kept, classes = int(about[b"top_k"]), int(about[b"classes"])
    if top_k < 1 or kept < min(top_k, classes):
        raise ArtefactError(
            f"{parquet_path}: has {kept} classes per video; a submission of {top_k} needs "
            "predictions written with at least as many (and at least 1)"
        )
    if unsafe_ids == "refuse":
        refuse_unsafe_ids(_ids(parquet_path), str(parquet_path))
    written = Written()
    with (
        replacing(csv_path) as temporary,
        temporary.open("w", encoding="utf-8", newline="\n") as lines,
    ):
        lines.write(HEADER)
        for video in read_predictions(parquet_path):
            if unsafe := unsafe_reason(video.id) is not None:
                if unsafe_ids == "leave-out":
                    written.left_out += 1
                    continue
                written.escaped += 1
            lines.write(line(video, top_k, escaped(video.id) if unsafe else video.id))
            written.lines += 1
    return written


def _ids(path: str | Path) -> Iterator[str]:
    with open_predictions(path) as file:
        for group in range(file.num_row_groups):
            yield from file.read_row_group(group, ["id"]).column(0).to_pylist()


def line(video: PredictedVideo, top_k: int, id: str | None = None) -> str:
    """One line of the CSV; probabilities with six significant digits (C's %g).

    id: written instead of the video's own.
    """
    best = zip(video.classes[:top_k], video.scores[:top_k], strict=True)
    pairs = " ".join(f"{label} {probability:g}" for label, probability in best)
    return f"{video.id if id is None else id},{pairs}\n"


def refuse_unsafe_ids(ids: Iterable[str], where: str) -> None:
    """Raises ArtefactError with the number of unsafe ids, and the first one."""
    total, unsafe, first = 0, 0, ""
    for id in ids:
        total += 1
        if problem := unsafe_reason(id):
            first = first or f"{id!r} {problem}"
            unsafe += 1
    if unsafe:
        raise ArtefactError(
            f"{where}: {unsafe:,} of {total:,} ids are unsafe in a CSV: {first}; write "
            "Parquet, or use --unsafe-ids leave-out or --unsafe-ids escape"
        )


def escaped(id: str) -> str:
    """An id as a field of a CSV: as `as_cell`, quoted if needed."""
    field = io.StringIO()
    csv.writer(field, lineterminator="").writerow([as_cell(id)])
    return field.getvalue()


def as_cell(text: str) -> str:
    """A text for a cell of a spreadsheet: one line, and never a formula.

    Control characters become backslash escapes. An apostrophe is put before what a spreadsheet
    would read as a formula, so that it is shown as text.
    """
    line = CONTROL.sub(lambda found: found.group().encode("unicode_escape").decode(), text)
    return f"'{line}" if FORMULA.match(text) else line
