"""Commands that put models together."""

import json
from pathlib import Path

import click

from yt8m.artefacts import read_ensemble, write_json
from yt8m.cli import options


@click.command()
@click.argument("name")
@click.option(
    "--member",
    "members",
    type=(float, options.FOLDER),
    multiple=True,
    required=True,
    help="Weight of a member and its stage folder; once for each. The weights sum to 1.",
)
@click.option(
    "--decode",
    default="at_load",
    show_default=True,
    type=click.Choice(["at_load", "per_call"]),
    help="When codes become floats: once (fast), or in each call (small in memory).",
)
@options.out
def ensemble(name: str, members, decode: str, out: Path) -> None:
    """Combine models into one graph (a SavedModel), the weighted mean of their predictions."""
    from yt8m.serving.ensemble import export_ensemble

    export_ensemble(name, {stage: weight for weight, stage in members}, out, decode)


@click.command()
@click.argument("name")
@options.graph
@options.out
def adopt(name: str, graph: Path, out: Path) -> None:
    """Copy an ensemble that was made elsewhere, and call it NAME."""
    from yt8m.serving.adoption import adopt

    adopt(name, graph, out)


@click.command()
@options.graph
@options.out
def fingerprint(graph: Path, out: Path) -> None:
    """Digest of all that an ensemble's predictions depend on; the same content, the same digest."""
    from yt8m.serving.fingerprint import fingerprint

    write_json(out, fingerprint(read_ensemble(graph)))


@click.command()
@options.graph
@click.option("--budget", type=int, help="Bytes that the graph may take at the most.")
@options.out
def size(graph: Path, budget: int | None, out: Path) -> None:
    """Measure an ensemble's bytes on disk; fail with a table when they exceed the budget."""
    from yt8m.serving.size import measure

    write_json(out, measure(graph, budget))


@click.command()
@options.graph
@click.option("--card", default="{}", help="`card` of the config, as JSON: licence, author ...")
@click.option(
    "--metrics",
    multiple=True,
    type=options.FILE,
    help="metrics.<split>.json of the ensemble; once for each.",
)
@click.option(
    "--config", "configs", multiple=True, type=options.FILE, help="config.json of a member; each."
)
@options.label_names
@options.out
def archive(graph: Path, card: str, metrics, configs, label_names, out: Path) -> None:
    """Pack an ensemble, its model card and all that describes it into one .tar.gz.

    Equal content gives equal bytes.
    """
    from yt8m.config.card import Card
    from yt8m.recipes import read_settings
    from yt8m.serving.archive import write_archive

    said = read_settings(Card, json.loads(card), "card")
    digest = write_archive(graph, out, said, metrics, configs, label_names)
    click.echo(f"{out}: {out.stat().st_size:,} bytes, SHA-256 {digest}")
