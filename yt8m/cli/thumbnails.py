"""The command that makes pictures of videos for the report."""

from pathlib import Path

import click

from yt8m.cli import options
from yt8m.cli.output import say, written
from yt8m.cli.own_data import extracted, matching, read_videos, source


@click.command()
@click.argument("mistakes", type=options.FILE)
@source
@extracted
@options.fingerprinted
@click.option(
    "--records", type=options.FILE, help="Manifest of the split; refuse videos of any other."
)
@options.out
def thumbnails(
    mistakes: Path,
    source: dict,
    extracted: tuple[str, ...],
    fingerprint: Path | None,
    records: Path | None,
    out: Path,
) -> None:
    """Make small pictures of the videos that a graph predicts best and worst.

    MISTAKES is what `yt8m evaluate --mistakes-out` wrote. The source is of kind videos; OUT has the
    three videos with the smallest and the three with the largest loss, with up to four pictures of
    each video, or why there are none.
    """
    from yt8m.artefacts import read_fingerprint
    from yt8m.data.manifest import read_manifest
    from yt8m.error_analysis.mistake_files import read_mistakes
    from yt8m.outputs.video_thumbnails import with_thumbnails

    graph = read_fingerprint(fingerprint)["digest"] if fingerprint else None
    found = read_mistakes(mistakes, graph, read_manifest(records).digest if records else None)
    videos = read_videos(source)
    files = videos.video_files(found.origin.split)
    made = with_thumbnails(found, files, matching(extracted), videos.frame_rule)
    made.write(out)
    for id, shown in made.shown.items():
        if shown.problem:
            say(f"yt8m: warning: {id}: {shown.problem}", err=True)
    say(written(out))
