"""Commands on shards of records."""

from dataclasses import replace
from pathlib import Path

import click

from yt8m.cli import options
from yt8m.cli.downloads import download, download_part, plan
from yt8m.cli.generate_videos import generate_videos
from yt8m.cli.import_features import Pair, import_features
from yt8m.cli.output import say, written
from yt8m.cli.own_data import (
    check_rows,
    describe_extraction,
    extract,
    extracted,
    fit_projections,
    labels,
    left_out,
    matching,
    rows,
)
from yt8m.cli.surveys import checks, manifest, read_checks, say_duplicates, schema, survey
from yt8m.data.schema import Schema
from yt8m.recipes import read_recipe


@click.group()
def records() -> None:
    """Make, list, compare and inspect shards of records."""


@records.command()
@schema
@click.option(
    "--source", required=True, type=options.JSON, help="The config's `dataset.source`, as JSON."
)
@click.option("--split", required=True, help="Name of the shard's split.")
@click.option("--shard", required=True, type=options.FROM_ZERO, help="Number of the shard, from 0.")
@click.option("--projections", type=options.FILE, help="Fitted projections, for your own table.")
@rows
@extracted
@options.out
def make(
    schema: Schema, source: dict, split: str, shard: int, projections, rows, extracted, out
) -> None:
    """Make one shard of a source of kind generated, expanded, features or videos."""
    chosen = read_recipe("yt8m.data.sources", source, "dataset.source")
    if projections:
        check_rows(rows, chosen.rows_state(split, shard))
        paths = matching(extracted)
        say(chosen.project_shard(split, shard, schema, projections, out, paths))
    else:
        chosen.make_shard(split, shard, schema, out)
    say(written(out))


records.add_command(describe_extraction)
records.add_command(download)
records.add_command(download_part)
records.add_command(plan)
records.add_command(extract)
records.add_command(fit_projections)
records.add_command(generate_videos)
records.add_command(import_features)
records.add_command(labels)
records.add_command(left_out)
records.add_command(manifest)
records.add_command(survey)


@records.command()
@click.argument("trained_on", metavar="TRAINED_ON", type=options.FILE)
@click.argument("others", nargs=-1, required=True, type=options.FILE)
@checks
@click.option(
    "--extracted",
    type=Pair(),
    multiple=True,
    help="A split, and a pattern of what `records extract` found in its videos: their files are "
    "compared too.",
)
@options.out
def find_duplicates(
    trained_on: Path, others: tuple[Path, ...], checks: dict, extracted, out: Path
) -> None:
    """Search the manifests OTHERS for videos of the training split's manifest, TRAINED_ON.

    Also writes, next to OUT, the digest of TRAINED_ON (.digest), as proof of the comparison.
    """
    from yt8m.atomic import replacing
    from yt8m.data.duplicates import read_split, shared_between
    from yt8m.data.manifest import write_digest

    split, files = read_split(trained_on), dict(extracted)
    found = {path.stem: shared_between(split, read_split(path)) for path in others}
    if files:
        from yt8m.video.copies import copies_between

        known = matching((files[split.name],))
        for name in found:
            copies = copies_between(split.name, known, name, matching((files[name],)))
            found[name] = " ".join(filter(None, (found[name], copies))) or None
    alone = "{} shares no video with {}."
    for name, problem in found.items():
        say_duplicates(problem, read_checks(checks))
        if not problem:
            say(alone.format(split.name, name))
    lines = [problem or alone.format(split.name, name) for name, problem in found.items()]
    with replacing(out) as unfinished:
        unfinished.write_text("\n".join(lines) + "\n")
    write_digest(split.manifest, out)


@records.command()
@click.argument("paths", nargs=-1, required=True, type=options.EXISTING)
@click.option("--schema", type=options.SCHEMA, help="Expected schema of the records, as JSON.")
@click.option(
    "--classes", type=int, help="Number of classes, to find labels that are out of range."
)
@checks
def inspect(paths, schema: Schema | None, classes: int | None, checks: dict) -> None:
    """Count the content of the shards at PATHS (files or folders), and list damaged records.

    Without --schema, the schema is that of most of the first records. The exit code is 1 if there
    is anything that `manifest` would refuse.
    """
    from yt8m.data.inspect import inspect_shards, schema_of
    from yt8m.data.inspection_report import format_report

    shards = [s for p in paths for s in (sorted(p.glob("*.tfrecord")) if p.is_dir() else [p])]
    schema = schema or schema_of(shards)
    schema = replace(schema, classes=classes) if classes else schema
    found = inspect_shards(shards, schema, read_checks(checks))
    say(format_report(found))
    if found.damages or found.refused:
        raise SystemExit(1)
