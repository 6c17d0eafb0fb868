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
from yt8m.data.checks import Checks
from yt8m.data.schema import Schema
from yt8m.recipes import read_recipe, read_settings

_schema = click.option(
    "--schema", required=True, type=options.SCHEMA, help="Schema of the records, as JSON."
)

_checks = click.option(
    "--checks", default="{}", type=options.JSON, help="The config's `dataset.checks`, as JSON."
)


@click.group()
def records() -> None:
    """Make, list, compare and inspect shards of records."""


@records.command()
@_schema
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


REMEDY = "Remove the repetition; if it is intended, set `dataset.checks.duplicates: warn`."


@records.command()
@click.argument("patterns", nargs=-1)
@click.option(
    "--shards", help="JSON list of shards, instead of PATTERNS; or a pattern of several lists."
)
@_schema
@click.option("--split", required=True, help="Name of the split.")
@click.option("--require-labels", is_flag=True, help="Refuse a split without any labels.")
@click.option(
    "--at-least",
    type=options.FROM_ONE,
    help="Refuse a split with fewer videos, such as less than a training batch.",
)
@click.option(
    "--soft-labels-of",
    type=options.FILE,
    help="The shards hold soft labels for the videos of this manifest.",
)
@click.option(
    "--full-records-of",
    type=options.FILE,
    help="The shards hold distilled full records of this manifest's videos.",
)
@options.taught_by
@_checks
@click.option("--threads", type=int, help="Number of shards to read in parallel.")
@click.option(
    "--state",
    type=options.NEW_FOLDER,
    help="Folder for each shard's results, so that unchanged shards are not read again.",
)
@options.out
def manifest(
    patterns,
    shards,
    schema,
    split,
    require_labels,
    at_least,
    soft_labels_of,
    full_records_of,
    teacher,
    checks,
    threads,
    state,
    out,
) -> None:
    """Check every record of the shards that match PATTERNS, and list the shards in a manifest.

    Also writes, next to OUT, its digest (.digest) and 64-bit hashes of the video ids (.ids.npy).
    """
    from yt8m.artefacts import read_fingerprint
    from yt8m.data.duplicates import Split, repeated_within, write_ids
    from yt8m.data.manifest import write_manifest
    from yt8m.data.survey import survey_split

    if bool(patterns) == bool(shards):
        raise click.UsageError("give either PATTERNS or --shards")
    paths = _listed(shards) if shards else _matching(patterns, split)
    kind = "soft_labels" if soft_labels_of else "frames"
    source = soft_labels_of or full_records_of
    whose = read_fingerprint(teacher)["teacher"] if teacher else None
    chosen = _read_checks(checks)
    found = survey_split(
        paths, schema, split, threads, require_labels, kind, source, chosen, state, whose
    )
    _check_enough(found.manifest.records, at_least, split)
    if kind == "frames":
        _say(repeated_within(Split(found.manifest, found.ids)), chosen)
        write_ids(found.ids, out)
    write_manifest(found.manifest, out)
    say(f"{out}: {found.manifest.records:,} videos in {len(paths):,} shards")


def _listed(pattern: str) -> list[Path]:
    from yt8m.data.shard_list import read_shard_list
    from yt8m.paths import resolve

    lists = map(read_shard_list, resolve(pattern, "--shards"))
    return [Path(path) for found in lists for path in found.paths]


def _matching(patterns: tuple[str, ...], split: str) -> list[Path]:
    from yt8m.paths import resolve

    return [Path(path) for pattern in patterns for path in resolve(pattern, f"split {split}")]


def _check_enough(videos: int, at_least: int | None, split: str) -> None:
    from yt8m.errors import RecordError

    if at_least and videos < at_least:
        raise RecordError(
            f"split {split}: holds {videos:,} videos, less than one batch of {at_least:,}; add "
            "videos, or lower training.batch_size"
        )


@records.command()
@click.argument("trained_on", metavar="TRAINED_ON", type=options.FILE)
@click.argument("others", nargs=-1, required=True, type=options.FILE)
@_checks
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
        _say(problem, _read_checks(checks))
        if not problem:
            say(alone.format(split.name, name))
    lines = [problem or alone.format(split.name, name) for name, problem in found.items()]
    with replacing(out) as unfinished:
        unfinished.write_text("\n".join(lines) + "\n")
    write_digest(split.manifest, out)


def _say(problem: str | None, checks: Checks) -> None:
    """Raises RecordError for a problem if `checks.duplicates` is "refuse"; otherwise warns."""
    from yt8m.errors import RecordError

    if problem and checks.duplicates == "refuse":
        raise RecordError(f"{problem} {REMEDY}")
    if problem:
        say(f"yt8m: warning: {problem}", err=True)


@records.command()
@click.argument("paths", nargs=-1, required=True, type=options.EXISTING)
@click.option("--schema", type=options.SCHEMA, help="Expected schema of the records, as JSON.")
@click.option(
    "--classes", type=int, help="Number of classes, to find labels that are out of range."
)
@_checks
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
    found = inspect_shards(shards, schema, _read_checks(checks))
    say(format_report(found))
    if found.damages or found.refused:
        raise SystemExit(1)


def _read_checks(entry: dict) -> Checks:
    return read_settings(Checks, entry, "checks")
