"""The challenge's CSV: a line a video, its best classes with their confidences.

VideoId,LabelConfidencePairs
000a,3 1 14 0.529832 10 0.280722
"""

from pathlib import Path

from yt8m.atomic import replacing
from yt8m.errors import ArtefactError
from yt8m.outputs.predictions import ScoredVideo, open_predictions, read_predictions

HEADER = "VideoId,LabelConfidencePairs\n"

SEPARATORS = frozenset(',"\r\n')
"""Characters that an id cannot have: the format knows no quotes."""


def write_submission(parquet_path: str | Path, csv_path: str | Path, top_k: int = 20) -> None:
    """Write the `top_k` best classes of every video of a file of predictions.

    Raises ArtefactError when the file keeps fewer of its classes, or an id would break the CSV.
    """
    with open_predictions(parquet_path) as file:
        about = file.schema_arrow.metadata
    kept, classes = int(about[b"top_k"]), int(about[b"classes"])
    if top_k < 1 or kept < min(top_k, classes):
        raise ArtefactError(
            f"{parquet_path}: keeps {kept} classes a video; a submission of {top_k} needs "
            "predictions written with at least as many (and at least 1)"
        )
    with (
        replacing(csv_path) as temporary,
        temporary.open("w", encoding="utf-8", newline="\n") as lines,
    ):
        lines.write(HEADER)
        for video in read_predictions(parquet_path):
            if not SEPARATORS.isdisjoint(video.id):
                raise ArtefactError(
                    f"{parquet_path}: id {video.id!r} holds a comma, a quote or a line break; "
                    "such an id cannot stand in a submission"
                )
            lines.write(line(video, top_k))


def line(video: ScoredVideo, top_k: int) -> str:
    """One line of the CSV; confidences with six significant digits (C's %g)."""
    best = zip(video.classes[:top_k], video.scores[:top_k], strict=True)
    return f"{video.id},{' '.join(f'{label} {score:g}' for label, score in best)}\n"
