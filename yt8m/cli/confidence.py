"""The command that resamples videos, for confidence intervals."""

from pathlib import Path

import click

from yt8m.cli import options
from yt8m.cli.output import say
from yt8m.runtime.unused import import_pyarrow

FIRST = 3
"""Missing files that are named."""


@click.command()
@click.argument("results", type=options.FOLDER)
@click.option("--split", help="Evaluated split.  [default: the first of the run]")
@options.resampling
@click.option("--out", required=True, type=options.NEW_TABLE, help="Parquet file to write.")
def confidence(
    results: Path, split: str | None, resamples: int, seed: int, level: float, out: Path
) -> None:
    """Resample the videos of a run, so that its report can give confidence intervals.

    RESULTS is the run's folder; its run.json says which graphs there are. All get the same
    resamples, so the intervals of differences between them are those of pairs.
    """
    from yt8m.metrics.resample_files import write_resamples
    from yt8m.report.compared_graphs import resample_run, without_videos

    import_pyarrow()
    found = resample_run(results, split, resamples, seed, level)
    write_resamples(out, found)
    say(
        f"{out}: {resamples:,} resamples of {found.videos:,} videos of {found.split} for "
        f"{len(found.graphs):,} graphs"
    )
    if missing := without_videos(results, found.split):
        named = ", ".join(map(str, missing[:FIRST])) + (", ..." if len(missing) > FIRST else "")
        say(
            f"{len(missing):,} graphs of the run have no interval, since they lack their videos: "
            f"{named}; run the workflow, or `yt8m evaluate --videos-out`"
        )
