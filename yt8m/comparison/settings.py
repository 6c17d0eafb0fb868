"""All settings that a graph was made from, as one flat mapping that tells it from any other."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from yt8m.comparison.graphs import Graph
from yt8m.comparison.runs import Run
from yt8m.config.flat import flat_entry, leaves
from yt8m.config.repeated import SEED
from yt8m.json_files import MAPPING, NUMBER, Maybe
from yt8m.made_with import check_made_with, read_entry

NOT_TRAINED_ON = ("checks", "label_names")
"""Settings of `dataset` that do not change what is trained on."""

MADE_OF = "made of"
"""What a teacher or an ensemble consists of, as JSON: it tells graphs apart and is not shown."""

_MODEL = {"training": {SEED.rpartition(".")[2]: NUMBER}, "ema": Maybe(MAPPING)}


def model_settings(
    run: Run, name: str, stage: str, header: Mapping[str, Any] | None
) -> dict[str, Any]:
    """Those that a model's weights at a stage depend on, including the dataset's and its teacher.

    header: of these weights, if they are there.
    Raises ArtefactError if the model's `config.json` is missing or damaged, or if the weights were
    made with other settings.
    """
    config = Path(run.layout.config(name, "" if stage == "quantised" else f"{stage}/"))
    entry = read_entry(config, name, _MODEL)
    if header is not None:
        check_made_with(Path(run.layout.weights(name, stage)), header, entry, str(config))
    found = {"teacher": None} | flat_entry(entry) | _dataset(run)
    if teacher := entry.get("teacher"):
        found[MADE_OF] = _content(run, teacher)
    return found


def ensemble_settings(run: Run, name: str) -> dict[str, Any]:
    """What an ensemble is made of: `kind`, its members with weights, its budget, the dataset."""
    entry = run.settings["ensembles"].get(name, {})
    members = entry.get("members") or {}
    found = {
        "kind": "ensemble",
        "members": " + ".join(f"{weight:g} {member}" for member, weight in members.items()),
        "budget_bytes": entry.get("budget_bytes"),
    }
    return found | _dataset(run) | {MADE_OF: _content(run, name)}


def with_teachers_told_apart(graphs: list[Graph]) -> list[Graph]:
    """The same; a teacher's name gets that of the run where others give it to something else."""
    contents: dict[str, set[str]] = {}
    for graph in graphs:
        if teacher := graph.settings.get("teacher"):
            contents.setdefault(teacher, set()).add(graph.settings[MADE_OF])
    several = {teacher for teacher, found in contents.items() if len(found) > 1}
    return [_told_apart(g) if g.settings.get("teacher") in several else g for g in graphs]


def _told_apart(graph: Graph) -> Graph:
    named = {"teacher": f"{graph.settings['teacher']} of {graph.run}"}
    return replace(graph, settings={**graph.settings, **named})


def _dataset(run: Run) -> dict[str, Any]:
    dataset = run.settings["dataset"]
    used = {word: value for word, value in dataset.items() if word not in NOT_TRAINED_ON}
    return dict(leaves("dataset", used)) | {"run.train": run.made.train}


def _content(run: Run, ensemble: str) -> str:
    """An ensemble's entry with those of its members and of their teachers, as JSON."""
    found: dict[str, Any] = {}
    _collect(run, ensemble, found)
    return json.dumps(found, sort_keys=True)


def _collect(run: Run, ensemble: str, found: dict[str, Any]) -> None:
    entry = run.settings["ensembles"].get(ensemble, {})
    if f"ensemble {ensemble}" in found:
        return
    found[f"ensemble {ensemble}"] = entry
    for member in _candidates(entry):
        model = run.settings["models"].get(member, {})
        found[f"model {member}"] = model
        if teacher := model.get("teacher"):
            _collect(run, teacher, found)


def _candidates(entry: Mapping[str, Any]) -> Iterator[str]:
    yield from entry.get("members") or {}
    yield from (entry.get("best") or {}).get("of", ())
