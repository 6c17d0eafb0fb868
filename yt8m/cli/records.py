"""Commands on shards of records."""

from dataclasses import replace
from pathlib import Path

import click

from yt8m.cli import options
from yt8m.data.schema import Schema

_schema = click.option(
    "--schema", required=True, type=options.SCHEMA, help="What each record holds, as JSON."
)


@click.group()
def records() -> None:
    """Shards of records: generate, expand, list, inspect."""


@records.command()
@_schema
@click.option(
    "--settings", required=True, type=options.JSON, help="`dataset.generate` of the config."
)
@click.option("--split", required=True, help="Split that the shard belongs to.")
@click.option("--shard", required=True, type=int, help="Number of the shard, from 0.")
@options.out
def generate(schema: Schema, settings: dict, split: str, shard: int, out: Path) -> None:
    """Generate one shard of the embedded dataset."""
    from yt8m.data.generate.settings import Generate
    from yt8m.data.generate.shards import generate_shard
    from yt8m.recipes import read_settings

    chosen = read_settings(Generate, settings, "generate")
    generate_shard(chosen, schema, split, shard, out)


@records.command()
@click.argument("source", type=options.FILE)
@_schema
@click.option("--settings", default="{}", type=options.JSON, help="`dataset.expand` of the config.")
@options.out
def expand(source: Path, schema: Schema, settings: dict, out: Path) -> None:
    """Make frames around the means of SOURCE, a video-level shard; ids and labels stay."""
    from yt8m.data.expand import Expand, expand_shard
    from yt8m.recipes import read_settings

    chosen = read_settings(Expand, settings, "expand")
    expand_shard(source, out, schema, chosen)


@records.command()
@click.argument("patterns", nargs=-1, required=True)
@_schema
@click.option("--split", required=True, help="Name of the split.")
@click.option("--require-labels", is_flag=True, help="Refuse a split in which no video has labels.")
@click.option("--soft-labels-of", type=options.FILE, help="Manifest of the videos they belong to.")
@click.option("--full-records-of", type=options.FILE, help="The same, of distilled videos.")
@options.taught_by
@click.option("--threads", type=int, help="Shards read at the same time.")
@options.out
def manifest(
    patterns, schema, split, require_labels, soft_labels_of, full_records_of, teacher, threads, out
) -> None:
    """Read the shards that match PATTERNS, check every record, and list them in a manifest."""
    from yt8m.artefacts import read_fingerprint
    from yt8m.config.paths import resolve
    from yt8m.data.manifest import write_manifest
    from yt8m.data.survey import build_manifest

    shards = [path for pattern in patterns for path in resolve(pattern, f"split {split}")]
    kind = "soft_labels" if soft_labels_of else "frames"
    source = soft_labels_of or full_records_of
    whose = read_fingerprint(teacher)["teacher"] if teacher else None
    found = build_manifest(shards, schema, split, threads, require_labels, kind, source, whose)
    write_manifest(found, out)


@records.command()
@click.argument("paths", nargs=-1, required=True, type=options.EXISTING)
@click.option("--classes", type=int, help="Number of labels, to find those that are out of range.")
def inspect(paths, classes: int | None) -> None:
    """Count what is in the shards at PATHS (files or folders) and list what is damaged.

    Records should hold what most of the first ones do. Exit code 1 when anything is damaged.
    """
    from yt8m.data.inspect import detect_schema, inspect_shards
    from yt8m.data.inspection_report import format_report

    shards = [s for p in paths for s in (sorted(p.glob("*.tfrecord")) if p.is_dir() else [p])]
    schema = detect_schema(shards)
    found = inspect_shards(shards, replace(schema, classes=classes) if classes else schema)
    click.echo(format_report(found))
    if found.damages:
        raise SystemExit(1)
