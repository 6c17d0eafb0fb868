"""Commands that read and check every shard of a split, at once or in parts."""

from pathlib import Path

import click

from yt8m.cli import options
from yt8m.cli.numbers import NumberRange
from yt8m.cli.output import say
from yt8m.data.checks import Checks
from yt8m.data.schema import Schema
from yt8m.recipes import read_settings

schema = click.option(
    "--schema", required=True, type=options.SCHEMA, help="Schema of the records, as JSON."
)

checks = click.option(
    "--checks", default="{}", type=options.JSON, help="The config's `dataset.checks`, as JSON."
)

_split = click.option("--split", required=True, help="Name of the split.")
_shards = click.option(
    "--shards", help="JSON list of shards, instead of PATTERNS; or a pattern of several lists."
)
_threads = click.option("--threads", type=int, help="Number of shards to read in parallel.")
_state = click.option(
    "--state",
    type=options.NEW_FOLDER,
    help="Folder for each shard's results, so that unchanged shards are not read again.",
)

REMEDY = "Remove the repetition; if it is intended, set `dataset.checks.duplicates: warn`."


@click.command()
@click.argument("patterns", nargs=-1)
@_shards
@click.option(
    "--numbers",
    type=options.NUMBERS,
    metavar="FIRST-LAST",
    help="Take the files of these numbers only, each five digits in place of the * of the pattern.",
)
@schema
@_split
@options.part
@click.option("--soft-labels", is_flag=True, help="The shards hold soft labels, not videos.")
@_threads
@_state
@options.out
def survey(
    patterns, shards, numbers, schema: Schema, split, part, soft_labels, threads, state, out
) -> None:
    """Check every record of some shards of a split, and write what `yt8m records manifest --parts`
    puts together.

    What concerns the whole split, such as videos that it has twice, is checked there.
    """
    from yt8m.data.survey import survey_shards
    from yt8m.data.survey_parts import write_part

    paths = _paths(patterns, shards, split, numbers)
    kind = _kind(soft_labels)
    found = survey_shards(paths, schema, split, threads, kind, state)
    write_part(found, part, split, kind, schema, out)
    videos = sum(one.shard.records for one in found)
    say(f"{out}: {part}, {videos:,} videos in {len(paths):,} shards")


@click.command()
@click.argument("patterns", nargs=-1)
@_shards
@click.option(
    "--parts",
    help="Pattern of the files that `yt8m records survey` wrote, instead of PATTERNS: those of all "
    "parts of the split.",
)
@schema
@_split
@click.option("--require-labels", is_flag=True, help="Refuse a split without any labels.")
@click.option(
    "--at-least",
    type=options.FROM_ONE,
    help="Refuse a split with fewer videos, such as less than a training batch.",
)
@click.option(
    "--limit",
    type=NumberRange(0, min_open=True),
    help="How many videos count, or below 1 which share of them: the first ones of each shard, at "
    "least one.",
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
@checks
@_threads
@_state
@options.out
def manifest(
    patterns,
    shards,
    parts,
    schema,
    split,
    require_labels,
    at_least,
    limit,
    soft_labels_of,
    full_records_of,
    teacher,
    checks,
    threads,
    state,
    out,
) -> None:
    """Check every record of the shards that match PATTERNS, and list the shards in a manifest.

    With --parts, the records have been checked by `yt8m records survey`; what remains is what
    concerns the whole split.

    Also writes, next to OUT, its digest (.digest) and 64-bit hashes of the video ids (.ids.npy).
    """
    from yt8m.artefacts import read_fingerprint
    from yt8m.data.duplicates import Split, repeated_within, write_ids
    from yt8m.data.manifest import write_manifest
    from yt8m.data.survey import survey_of, survey_shards
    from yt8m.data.survey_parts import read_parts

    kind = _kind(soft_labels_of)
    source = soft_labels_of or full_records_of
    whose = read_fingerprint(teacher)["teacher"] if teacher else None
    chosen = read_checks(checks)
    if parts:
        _refuse_both(patterns or shards)
        surveyed = read_parts(_matching((parts,), split), split, kind, schema)
    else:
        paths = _paths(patterns, shards, split)
        surveyed = survey_shards(paths, schema, split, threads, kind, state)
    found = survey_of(surveyed, schema, split, require_labels, kind, source, chosen, whose)
    if limit:
        from yt8m.data.limit import limited

        found = limited(found, limit)
    _check_enough(found.manifest.records, at_least, split)
    if kind == "frames":
        say_duplicates(repeated_within(Split(found.manifest, found.ids)), chosen)
        write_ids(found.ids, out)
    write_manifest(found.manifest, out)
    say(f"{out}: {found.manifest.records:,} videos in {len(surveyed):,} shards")


def _kind(soft_labels) -> str:
    return "soft_labels" if soft_labels else "frames"


def _refuse_both(others) -> None:
    if others:
        raise click.UsageError("give one of PATTERNS, --shards and --parts")


def _paths(patterns, shards: str | None, split: str, numbers: range | None = None) -> list[Path]:
    """The shards that match patterns, or that are in the lists that match one."""
    if bool(patterns) == bool(shards):
        raise click.UsageError("give either PATTERNS or --shards")
    given = (shards,) if shards else patterns
    files = _numbered(given, numbers) if numbers is not None else _matching(given, split)
    return _listed(files) if shards else files


def _numbered(patterns, numbers: range) -> list[Path]:
    """The files of these numbers, whether they exist or not."""
    if len(patterns) > 1:
        raise click.UsageError("--numbers is for one pattern")
    pattern = Path(patterns[0])
    return [pattern.with_name(pattern.name.replace("*", f"{number:05d}")) for number in numbers]


def _listed(lists: list[Path]) -> list[Path]:
    from yt8m.data.shard_list import read_shard_list

    return [Path(path) for found in map(read_shard_list, lists) for path in found.paths]


def _matching(patterns, split: str) -> list[Path]:
    from yt8m.paths import resolve

    return [Path(path) for pattern in patterns for path in resolve(pattern, f"split {split}")]


def _check_enough(videos: int, at_least: int | None, split: str) -> None:
    from yt8m.errors import RecordError

    if at_least and videos < at_least:
        raise RecordError(
            f"split {split}: holds {videos:,} videos, less than one batch of {at_least:,}; add "
            "videos, or lower training.batch_size"
        )


def say_duplicates(problem: str | None, checks: Checks) -> None:
    """Raises RecordError for a problem if `checks.duplicates` is "refuse"; otherwise warns."""
    from yt8m.errors import RecordError

    if problem and checks.duplicates == "refuse":
        raise RecordError(f"{problem} {REMEDY}")
    if problem:
        say(f"yt8m: warning: {problem}", err=True)


def read_checks(entry: dict) -> Checks:
    """The value of the option `--checks`."""
    return read_settings(Checks, entry, "checks")
