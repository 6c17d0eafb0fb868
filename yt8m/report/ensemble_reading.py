"""Reading what a run's files say about ensembles."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from yt8m.artefacts import GRAPH, read_ensemble, read_fingerprint
from yt8m.budget.plan import Plan, read_plan
from yt8m.choosing.choice import read_choice
from yt8m.errors import ArtefactError
from yt8m.json_files import AMOUNT, COUNT, NUMBER, TEXT, Maybe, one_of, read_json
from yt8m.metrics.intervals import Interval
from yt8m.metrics.resample_files import Resamples
from yt8m.report.content import Ensemble, Trial, Variable, WeightLearning
from yt8m.report.files import read_rows
from yt8m.report.model_reading import read_measures, resampled_of
from yt8m.weights import read_header
from yt8m.workflow.facts import Facts
from yt8m.workflow.layout import STAGES, Layout

_SIZE = {
    "size_bytes": AMOUNT,
    "budget_bytes": Maybe(AMOUNT),
    "graph_bytes": NUMBER,
    "parameters": AMOUNT,
}
_TRIAL = {
    "encoding": TEXT,
    "share": Maybe(NUMBER),
    "size_bytes": AMOUNT,
    "gap": NUMBER,
    "interval": Maybe({"low": NUMBER, "high": NUMBER, "p": NUMBER}),
}
_METRICS = {"gap": NUMBER, "loss": NUMBER}
_WEIGHT_LEARNING = {
    "method": TEXT,
    "configured": {"weights": {str: NUMBER}, "metrics": _METRICS},
    "learned": {"in_sample": _METRICS, "out_of_fold": _METRICS, "folds_won": NUMBER},
    "settings": {"folds": COUNT, "split": TEXT, "objective": one_of("gap", "loss")},
    "videos": COUNT,
}


def ensemble_of(
    layout: Layout,
    made: Facts,
    name: str,
    splits: Mapping[str, str],
    resamples: Resamples | None,
) -> Ensemble:
    """An ensemble of a run. splits: name -> digest of the records that it is evaluated on.

    Raises ArtefactError naming the file that is missing, damaged or of other weights.
    """
    folder, plan = layout.ensemble(name), _read_plan(Path(layout.plan(name)))
    members = read_ensemble(Path(folder))["members"]
    size = _read_size(Path(layout.size(name)), name, members)
    own = [] if name in made.imported else members
    graph = read_fingerprint(Path(layout.fingerprint(name)))["digest"]
    measures = read_measures(folder, splits, graph)
    return Ensemble(
        measures=measures,
        resampled=resampled_of(resamples, graph, measures),
        name=name,
        members={m["name"]: m["weight"] for m in members},
        stages={m["name"]: _stage_of(layout, name, m, plan) for m in own},
        plan=plan,
        choice=read_choice(layout.choice(name), name) if name in made.chosen else None,
        trials=_read_trials(Path(layout.sweep(name, made.evaluate[0]))),
        variables=[_variable(m["name"], row) for m in members for row in m["variables"]],
        **{word: size[word] for word in _SIZE},
        weight_learning=_read_weight_learning(layout.learned_weights(name))
        if name in made.learning
        else None,
    )


def _read_size(path: Path, name: str, members: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """The size of an ensemble. members: its own, each with the bytes of its variables.

    Raises ArtefactError if it is missing, damaged, of another ensemble, or not of the graph beside
    it.
    """
    size = read_json(path, {**_SIZE, "name": Maybe(TEXT), "member_bytes": Maybe({str: AMOUNT})})
    stored = {m["name"]: sum(row["size_bytes"] for row in m["variables"]) for m in members}
    files = [file for file in (path.parent / GRAPH).rglob("*") if file.is_file()]
    on_disk = sum(file.stat().st_size for file in files) if files else None
    expected = {"name": name, "member_bytes": stored, "size_bytes": on_disk}
    if any(None not in (size.get(w), known) and size[w] != known for w, known in expected.items()):
        raise ArtefactError(f"{path}: is about another ensemble; delete it and make it again")
    return size


def _read_plan(path: Path) -> Plan | None:
    """The compression plan of an ensemble, if any."""
    return read_plan(path) if path.is_file() else None


def _read_weight_learning(path: str) -> WeightLearning:
    found = read_json(path, _WEIGHT_LEARNING)
    return WeightLearning(
        used=found["method"] == "learned",
        configured=found["configured"]["weights"],
        before=found["configured"]["metrics"],
        **{word: found["learned"][word] for word in ("in_sample", "out_of_fold", "folds_won")},
        **{word: found["settings"][word] for word in ("folds", "split", "objective")},
        videos=found["videos"],
    )


def _variable(member: str, row: Mapping) -> Variable:
    words = (row[word] for word in ("elements", "stored_as", "size_bytes"))
    return Variable(member, row["variable"], tuple(row["shape"]), *words)


def _read_trials(path: Path) -> list[Trial]:
    """Results under other budgets, if any were tried."""
    if not path.is_file():
        return []
    return [_trial(row) for row in read_rows(path, _TRIAL)]


def _trial(row: Mapping) -> Trial:
    encoding, share, size_bytes, gap, limits = (row.get(word) for word in _TRIAL)
    return Trial(encoding, share, size_bytes, gap, Interval(**limits) if limits else None)


def _stage_of(layout: Layout, ensemble: str, member: Mapping, plan: Plan | None) -> str:
    """The stage whose weights have the digest recorded by the ensemble or its plan."""
    name = member["name"]
    digest = plan.digests.get(name) if plan else member["digest"]
    for stage in reversed(STAGES):
        weights = Path(layout.weights(name, stage))
        if weights.is_file() and read_header(weights)[1] == digest:
            return stage
    raise ArtefactError(
        f"{layout.description(ensemble)}: has other weights of {name} than any of its stages; "
        "make the ensemble again"
    )
