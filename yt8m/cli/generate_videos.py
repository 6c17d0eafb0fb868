"""The command that generates the videos of the second demo."""

import click

from yt8m.cli import options
from yt8m.cli.output import say


@click.command()
@click.option(
    "--videos",
    default=300,
    show_default=True,
    type=click.IntRange(min=6),
    help="Number of clips in the table: of each six, four to train on, one to validate, one to "
    "test.",
)
@click.option(
    "--seed", default=0, show_default=True, type=options.FROM_ZERO, help="Other clips for each."
)
@click.option(
    "--threads",
    default=0,
    type=options.FROM_ZERO,
    help="Clips to encode at the same time.  [default: one per core]",
)
@options.out_folder
def generate_videos(videos, seed, threads, out) -> None:
    """Generate small mp4 files with labels, to try the workflow on videos.

    Writes clips of 6 to 12 seconds with shapes, textures, sounds and movements; videos.csv, their
    table, as `dataset.source` of kind videos reads it; and new.mp4, 30 seconds that the table does
    not list, to be labelled afterwards. Run it again to complete an interrupted folder.
    """
    from yt8m.demo_videos.generation import generate_videos

    made = generate_videos(out, videos, seed, threads)
    kept = made.clips - made.encoded
    say(f"{made.table}: {videos:,} clips; {made.new}: one more")
    say(f"{made.encoded:,} clips encoded, {kept:,} were there already")
