"""What commands print; it may quote files of unknown origin, so it is escaped."""

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from yt8m.artefacts import GRAPH, HISTORY, WEIGHTS
from yt8m.printable import printable

if TYPE_CHECKING:  # the library that a command needs is imported when it runs
    from yt8m.choosing.choice import Choice
    from yt8m.parts import Part


def say(text: object, err: bool = False, nl: bool = True) -> None:
    """Print a text with control characters escaped."""
    click.echo(printable(str(text)), err=err, nl=nl)


def written(path: Path) -> str:
    """A file and its size, or a folder and its total size."""
    files = [path] if path.is_file() else [p for p in path.rglob("*") if p.is_file()]
    return f"{path}: {sum(file.stat().st_size for file in files):,} bytes"


def written_part(path: Path, part: "Part", videos: int) -> str:
    """A file of a part of a split, and how many of its videos that is."""
    empty = "" if videos else ", since the split has fewer batches than parts"
    return f"{written(path)}, {part}: {videos:,} videos{empty}"


def fitted(stage: Path) -> str:
    """The weights of a trained stage, and the last row of its training history."""
    with (stage / HISTORY).open(newline="") as file:
        last = list(csv.DictReader(file))[-1]
    came = f"{int(last['step']):,} steps, {float(last['epoch']):.2f} epochs"
    metrics = f"loss {float(last['loss']):.4f}, GAP {float(last['gap']):.4f}"
    return f"{written(stage / WEIGHTS)}\n  {came}; last on training batches: {metrics}"


def combined(folder: Path, described: Mapping[str, Any]) -> str:
    """The graph of an ensemble, and its members. described: its `ensemble.json`."""
    members = ", ".join(f"{m['weight']:g} {m['name']}" for m in described["members"])
    raw = described.get("raw_bytes")
    more = "" if raw is None else f"; takes raw features too, with projections of {raw:,} bytes"
    return f"{written(folder / GRAPH)}, the mean of {members}{more}"


def chosen(path: Path, choice: "Choice") -> str:
    """The chosen members and their metric, and the best candidate that was not chosen."""
    values = [f"{c.name} {c.value:.4f}" for c in choice.candidates]
    members, others = values[: choice.count], values[choice.count :]
    next_one = f"; next is {others[0]}" if others else ""
    return f"{path}: by {choice.by} on {choice.split}, {', '.join(members)}{next_one}"


def learned_weights(path: Path, found: Mapping[str, Any]) -> str:
    """Weights of members, learned or as configured. found: the content of `path`."""
    weights = ", ".join(f"{weight:.4f} {name}" for name, weight in found["weights"].items())
    return f"{path}: {found['method']} weights {weights} ({found['videos']:,} videos)"


def sized(path: Path, found: Mapping[str, Any]) -> str:
    """Size of an ensemble, and its budget. found: the content of `path`."""
    budget = found["budget_bytes"]
    of = "" if budget is None else f", {found['size_bytes'] / budget:.1%} of {budget:,}"
    return f"{path}: {found['name']} takes {found['size_bytes']:,} bytes{of}"
