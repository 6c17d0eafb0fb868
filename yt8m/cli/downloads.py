"""Commands that fetch shards from a server or an object store."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from yt8m.cli import options
from yt8m.cli.output import say, written
from yt8m.errors import ConfigError
from yt8m.protocols import DownloadedSource
from yt8m.recipes import kind_of, read_recipe

configs = click.argument("configs", nargs=-1, required=True, type=options.FILE)
splits = click.option(
    "--split", "splits", multiple=True, help="Only this split; repeat for several."
)


@click.command()
@configs
@splits
def plan(configs: tuple[Path, ...], splits: tuple[str, ...]) -> None:
    """Ask the server or bucket what CONFIGS (YAML) download, and write plans, for `snakemake`.

    Nothing is downloaded. Later files override earlier ones.
    """
    source = _source_in(configs)
    _write_plans(source, _chosen(source, splits))


@click.command()
@configs
@splits
def download(configs: tuple[Path, ...], splits: tuple[str, ...]) -> None:
    """Download the shards of CONFIGS (YAML) that are not there yet, and the plans.

    Later files override earlier ones. A killed download continues where it was.
    """
    from yt8m.download.steps import download_split

    source = _source_in(configs)
    chosen = _chosen(source, splits)
    _write_plans(source, [split for split in chosen if not source.plan_path(split).exists()])
    for split in chosen:
        source.check_plan(split, "dataset.source")
    for split in chosen:
        say(f"{split}: {download_split(source, split)}")


@click.command()
@click.option(
    "--source", required=True, type=options.JSON, help="The config's `dataset.source`, as JSON."
)
@click.option("--split", required=True, help="Name of the split.")
@click.option("--part", required=True, type=options.FROM_ZERO, help="Number of the part, from 0.")
@click.option(
    "--files", required=True, help="Digest of the files that were planned; refuse others."
)
@options.out
def download_part(source: dict, split: str, part: int, files: str, out: Path) -> None:
    """Download what is not there yet of a part of a split, and list its shards."""
    from yt8m.download import steps

    chosen = _read(source)
    if part >= chosen.parts(split) or chosen.part_state(split, part) != files:
        raise ConfigError(
            f"{chosen.plan_path(split)}: has changed since this run was planned; run again"
        )
    say(f"{split}: {steps.download_part(chosen, split, part, out)}")
    say(written(out))


def _source_in(configs: Sequence[Path]) -> DownloadedSource:
    """The source of a config, whose other settings are not read."""
    from yt8m.config.merging import without_marks
    from yt8m.config.yaml_files import read_yaml
    from yt8m.describing.reading import merged_files

    config: Mapping[str, Any] = {}
    for path in configs:
        config = merged_files(config, read_yaml(path))
    dataset = without_marks(config).get("dataset")
    source = dataset.get("source") if isinstance(dataset, Mapping) else None
    if not isinstance(source, Mapping):
        raise ConfigError("dataset.source: is missing; these commands need its kind and settings")
    return _read(source)


def _read(entry: Mapping[str, Any]) -> DownloadedSource:
    found = read_recipe("yt8m.data.sources", entry, "dataset.source")
    if not isinstance(found, DownloadedSource):
        raise ConfigError(f"dataset.source.kind: is {kind_of(found)!r}, which downloads nothing")
    return found


def _chosen(source: DownloadedSource, splits: Sequence[str]) -> Sequence[str]:
    for split in splits:
        if split not in source.splits:
            known = ", ".join(source.splits)
            raise click.UsageError(f"--split {split}: dataset.source has {known}")
    return splits or source.splits


def _write_plans(source: DownloadedSource, splits: Sequence[str]) -> None:
    from yt8m.download.steps import write_plans
    from yt8m.printable import counted, listed

    for split, found in write_plans(source, splits):
        say(
            f"{source.plan_path(split)}: {counted(len(found.files), 'file')} of {split}, "
            f"{found.size_bytes:,} bytes"
        )
        if found.missing:
            missing = f"the server lacks {counted(len(found.missing), 'file')}: "
            say(f"yt8m: warning: {split}: {missing}{listed(found.missing)}", err=True)
