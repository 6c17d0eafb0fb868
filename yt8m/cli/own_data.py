"""Commands on a user's own table of features."""

from pathlib import Path

import click

from yt8m.cli import options
from yt8m.cli.output import say, written
from yt8m.data.schema import Schema
from yt8m.errors import ConfigError
from yt8m.protocols import VideoSource
from yt8m.recipes import kind_of, read_recipe

rows = click.option(
    "--rows", help="Digest of the rows that were planned; refuse a table that differs."
)
source = click.option(
    "--source", required=True, type=options.JSON, help="The config's `dataset.source`, as JSON."
)


extracted = click.option(
    "--extracted",
    multiple=True,
    help="Files that `extract` wrote for the shards, or patterns, for kind videos.",
)


def check_rows(planned: str | None, found: str) -> None:
    """Raises ConfigError if the table has changed since it was planned what to make of it."""
    if planned and planned != found:
        raise ConfigError("dataset.source.table: has changed since this run was planned; run again")


def matching(patterns: tuple[str, ...]) -> list[Path]:
    """The files that match patterns."""
    from yt8m.paths import resolve

    return [Path(path) for pattern in patterns for path in resolve(pattern, "--extracted")]


def read_source(entry: dict):
    """The source of arrays of a config entry."""
    return read_recipe("yt8m.data.sources", entry, "dataset.source")


def read_videos(entry: dict):
    """The same. Raises ConfigError for a source of another kind than videos."""
    found = read_source(entry)
    if not isinstance(found, VideoSource):
        raise ConfigError(f"dataset.source.kind: is {kind_of(found)}; this is for videos only")
    return found


@click.command()
@click.option("--schema", required=True, type=options.SCHEMA, help="Schema, as JSON.")
@source
@click.option("--split", required=True, help="Name of the training split.")
@rows
@extracted
@options.out
def fit_projections(
    schema: Schema, source: dict, split: str, rows: str, extracted: tuple[str, ...], out: Path
) -> None:
    """Fit the projections of all features on the arrays of the training split."""
    chosen = read_source(source)
    check_rows(rows, chosen.fit_state(split, schema.max_frames))
    say(chosen.fit(split, schema, out, matching(extracted)))
    say(written(out))


@click.command()
@source
@click.option("--max-frames", required=True, type=options.FROM_ONE, help="Seconds of a video.")
@options.out
def describe_extraction(source: dict, max_frames: int, out: Path) -> None:
    """Write how a source of kind videos makes features, with the digests of its extractors."""
    read_videos(source).describe_extraction(max_frames, out)
    say(written(out))


@click.command()
@source
@click.option("--split", required=True, help="Name of the shard's split.")
@click.option("--shard", required=True, type=options.FROM_ZERO, help="Number of the shard, from 0.")
@rows
@click.option(
    "--described", required=True, type=options.FILE, help="What `describe-extraction` wrote."
)
@click.option(
    "--threads", default=0, type=options.FROM_ZERO, help="CPU threads.  [default: one per core]"
)
@options.out
def extract(
    source: dict, split: str, shard: int, rows: str, described: Path, threads: int, out: Path
) -> None:
    """Extract the features of one shard's videos, of a source of kind videos.

    OUT lists the videos, with the reasons of those that cannot be decoded. The features are in a
    folder beside it, a file per video; those that exist are not extracted again.
    """
    chosen = read_videos(source)
    check_rows(rows, chosen.videos_state(split, shard))
    say(chosen.extract(split, shard, described, out, threads))
    say(written(out))


@click.command()
@click.argument("patterns", nargs=-1, required=True)
@options.out_csv
def left_out(patterns: tuple[str, ...], out: Path) -> None:
    """Join the tables that match PATTERNS, of videos that are left out of shards."""
    from yt8m.own_data.left_out import LeftOut
    from yt8m.paths import resolve

    paths = [Path(path) for pattern in patterns for path in resolve(pattern, "PATTERNS")]
    found = LeftOut.read(paths)
    found.write(out)
    say(f"{out}: {len(found.found):,} videos are left out\n{found.table()}".rstrip())


@click.command()
@source
@click.option("--train", required=True, help="Name of the training split.")
@options.out_csv
def labels(source: dict, train: str, out: Path) -> None:
    """Write the names of the classes, and warn of what in the table is probably not meant."""
    from yt8m.own_data.vocabulary import write_labels

    chosen = read_source(source)
    for text in chosen.warnings(train):
        say(f"yt8m: warning: {text}", err=True)
    names = chosen.label_names()
    write_labels(names, out)
    say(chosen.summary())
    say(f"{out}: {len(names):,} classes")
