"""The runs to compare, by the names of their folders."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from yt8m.errors import ArtefactError
from yt8m.json_files import MAPPING, read_json
from yt8m.workflow.facts import Facts, read_facts
from yt8m.workflow.layout import Layout


@dataclass(frozen=True)
class Run:
    """A run: its label, the paths of its results, what it made, and the settings in `run.json`."""

    label: str
    layout: Layout
    made: Facts
    settings: Mapping[str, Any]


def read_run(label: str, folder: Path) -> Run:
    """The run in a folder. Raises ArtefactError if its `run.json` is missing or damaged."""
    layout = Layout(str(folder))
    settings = {"dataset": MAPPING, "models": {str: MAPPING}, "ensembles": {str: MAPPING}}
    found = read_json(layout.run, {"settings": settings})
    return Run(label, layout, read_facts(layout.run), found["settings"])


def labelled(folders: Sequence[Path]) -> dict[str, Path]:
    """Label -> folder, each folder once: the shortest ends of their paths that tell them apart."""
    once = {folder.resolve(): folder for folder in folders}
    length = 1
    while True:
        labels = ["/".join(path.parts[1:][-length:]) or "results" for path in once]
        if len(set(labels)) == len(labels):
            return dict(zip(labels, once.values(), strict=True))
        length += 1


def common_split(runs: Sequence[Run], wanted: str | None) -> str:
    """The split to compare on: the first that all runs evaluated, if possible not one of training.

    Raises ArtefactError, naming the splits of each run, if there is none, or not all have `wanted`.
    """
    shared = [s for s in runs[0].made.evaluate if all(s in run.made.evaluate for run in runs)]
    if wanted in shared:
        return wanted
    if wanted is None and shared:
        trained_on = {run.made.train for run in runs}
        return next((split for split in shared if split not in trained_on), shared[0])
    evaluated = "; ".join(f"{run.label}: {', '.join(run.made.evaluate)}" for run in runs)
    problem = "no split is evaluated in all runs" if wanted is None else f"not all have {wanted}"
    raise ArtefactError(f"{problem}; evaluated are, in {evaluated}")
