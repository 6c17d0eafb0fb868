"""The files that an evaluation writes, whether one process has seen all videos or several have.

What fills them is imported only here, so that evaluations without some of them do not depend on its
code.
"""

from collections.abc import Iterable, Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import click

from yt8m.cli import options

ERRORS = ("scores", "mistakes", "confusions")
"""What only evaluations of ensembles collect, in the words of the options."""

outputs = options.with_options(
    click.option(
        "--classes-out",
        required=True,
        type=options.NEW_TABLE,
        help="Parquet file for the metrics of each class.",
    ),
    click.option(
        "--scores-out",
        type=options.NEW_TABLE,
        help="Parquet file for counts of the probabilities, which `yt8m calibrate` reads.",
    ),
    click.option(
        "--mistakes-out",
        type=options.NEW_TABLE,
        help="Parquet file for the videos with the most wrong predictions, and with right ones.",
    ),
    click.option(
        "--confusions-out",
        type=options.NEW_TABLE,
        help="Parquet file for the classes that are predicted in place of which labels.",
    ),
    click.option(
        "--videos-out",
        type=options.NEW_TABLE,
        help="Parquet file for what each video contributes, which `yt8m confidence` reads.",
    ),
)


def files_of(found: Mapping[str, Path | None]) -> dict[str, Path]:
    """Files by the words of their options, such as `classes`; that of `--out` is `metrics`.

    found: the values of `outputs` and `--out`, by the names of parameters. Raises UsageError if two
    options name the same file.
    """
    options.refuse_same_files({f"--{word.replace('_', '-')}": path for word, path in found.items()})
    words = {word: "metrics" if word == "out" else word.removesuffix("_out") for word in found}
    return {words[word]: path for word, path in found.items() if path is not None}


def new_collectors(words: Iterable[str], names: list[str]) -> dict[str, Any]:
    """Those who collect what files need besides metrics, by word. names: of the classes."""
    found: dict[str, Any] = {}
    if "scores" in words:
        from yt8m.calibration.score_counts import ScoreCounts

        found["scores"] = ScoreCounts(len(names))
    if "mistakes" in words:
        from yt8m.error_analysis.mistakes import MistakenVideos

        found["mistakes"] = MistakenVideos(names)
    if "confusions" in words:
        from yt8m.error_analysis.confusions import ConfusedClasses

        found["confusions"] = ConfusedClasses(names)
    return found


def new_videos(path: Path | None, top_k: int, origin):
    """Where to keep what videos contribute, as a context; None if nowhere."""
    if path is None:
        return nullcontext()
    from yt8m.metrics.video_files import VideoWriter

    return VideoWriter(path, top_k, origin)


def write_results(
    files: Mapping[str, Path], result, names: list[str] | None, origin, collectors: Mapping
) -> None:
    """Write all files but that of the videos; the metrics last. names: as given, if they are."""
    from yt8m.metrics.files import write_class_table, write_metrics

    write_class_table(files["classes"], result.classes, names, origin)
    for word, one in collectors.items():
        one.write(files[word], origin.split, origin.graph, origin.records)
    write_metrics(files["metrics"], result, origin.graph, origin.records)
