"""A run's result files, read and checked once, as the content of the report."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from yt8m.artefacts import (
    CONFIG,
    ENSEMBLE,
    FINGERPRINT,
    HISTORY,
    MEMBER_WEIGHTS,
    PLAN,
    RUN,
    SIZE,
    SIZES,
    WEIGHTS,
    read_ensemble,
    read_fingerprint,
)
from yt8m.budget.plan import Plan, read_plan
from yt8m.config.model import read_model_config
from yt8m.data.manifest import Manifest, read_manifest
from yt8m.errors import ArtefactError
from yt8m.json_files import AMOUNT, COUNT, NUMBER, TEXT, Maybe, one_of, read_json
from yt8m.metrics.files import read_metrics
from yt8m.report.content import (
    FITTED,
    STAGES,
    Content,
    Ensemble,
    Graph,
    Measures,
    Model,
    Trial,
    Variable,
    Weighing,
    teacher_of,
)
from yt8m.report.files import read_classes, read_history, read_rows
from yt8m.weights import read_header

_SIZE = {
    "size_bytes": AMOUNT,
    "budget_bytes": Maybe(AMOUNT),
    "graph_bytes": NUMBER,
    "parameters": AMOUNT,
}
_TRIAL = {"way": TEXT, "share": Maybe(NUMBER), "size_bytes": AMOUNT, "gap": NUMBER}
_SCORES = {"gap": NUMBER, "loss": NUMBER}
_WEIGHING = {
    "method": TEXT,
    "given": {"weights": {str: NUMBER}, "scores": _SCORES},
    "learnt": {"in_sample": _SCORES, "out_of_fold": _SCORES, "folds_won": NUMBER},
    "settings": {"folds": COUNT, "split": TEXT, "objective": one_of("gap", "loss")},
    "videos": COUNT,
}
_RUN = {
    "seeds": {str: NUMBER},
    "versions": {str: TEXT},
    "revision": Maybe(TEXT),
    "device": {"cpu": TEXT, "cores": COUNT, "gpus": [TEXT]},
}


def read_content(
    results: Path,
    title: str,
    final: str,
    models: Sequence[str],
    ensembles: Sequence[str],
    splits: Sequence[str],
    train: str = "train",
    ready: Sequence[str] = (),
    learnt: Sequence[str] = (),
) -> Content:
    """Read everything under the folder `results` that the page needs.

    final: one of `ensembles`. splits: those that every graph was scored on. train: the one that
    models learnt from. ready: ensembles that were made elsewhere. learnt: those of `ensembles`
    whose weights were to be learnt. The order in which models and ensembles are named does not
    matter. Raises ArtefactError naming the file that is missing or
    damaged.
    """
    manifests = {split: results / "data" / f"{split}.json" for split in (train, *splits)}
    manifests |= {path.stem: path for path in sorted((results / "data").glob("*.json"))}
    read_manifests = {split: read_manifest(path) for split, path in manifests.items()}
    scored = {split: read_manifests[split].digest for split in splits}
    read_models = {name: _read_model(results / "models" / name, scored) for name in models}
    read_models = dict(sorted(read_models.items(), key=_teachers_first))
    read = {
        name: _read_ensemble(results, name, scored, name in ready, name in learnt)
        for name in sorted((*ensembles, *ready), key=lambda name: (name == final, name))
    }
    _check_names(final, read_models, read)
    teacher = teacher_of(read[final], read_models, read)
    shown = [final] + ([teacher.name] if teacher else [])
    table = f"classes.{splits[0]}.parquet"
    return Content(
        title=title,
        final=read[final],
        models=read_models,
        ensembles=read,
        splits=tuple(splits),
        manifests=read_manifests,
        distilled=_read_distilled(results, read),
        classes={name: read_classes(results / "ensembles" / name / table) for name in shown},
        train=train,
        run=read_json(results / RUN, _RUN),
    )


def _teachers_first(named: tuple[str, Model]) -> tuple[bool, str]:
    """Sorts models by their names, those that learn from a teacher behind the others."""
    name, model = named
    return bool(model.config.teacher), name


def _read_model(folder: Path, splits: Mapping[str, str]) -> Model:
    sizes = read_rows(folder / "quantised" / SIZES, {"elements": AMOUNT})
    return Model(
        config=read_model_config(folder / CONFIG),
        stages={stage: _read_stage(folder / stage, splits) for stage in STAGES},
        histories={stage: read_history(folder / stage / HISTORY) for stage in FITTED},
        parameters=sum(row["elements"] for row in sizes),
    )


def _read_stage(folder: Path, splits: Mapping[str, str]) -> Graph:
    try:
        size_bytes = (folder / WEIGHTS).stat().st_size
    except OSError:
        raise ArtefactError(f"{folder / WEIGHTS}: no such file; make it first") from None
    return Graph(_read_measures(folder, splits, read_header(folder / WEIGHTS)[1]), size_bytes)


def _read_measures(folder: Path, splits: Mapping[str, str], graph: str) -> dict[str, Measures]:
    """What a graph scored. splits: name -> digest of the records. graph: its own digest."""
    return {
        split: read_metrics(folder / f"metrics.{split}.json", graph, records)
        for split, records in splits.items()
    }


def _read_ensemble(
    results: Path, name: str, splits: Mapping[str, str], ready: bool, learnt: bool
) -> Ensemble:
    folder = results / "ensembles" / name
    size = read_json(folder / SIZE, _SIZE)
    members = read_ensemble(folder)["members"]
    own = [] if ready else members
    graph = read_fingerprint(folder / FINGERPRINT)["digest"]
    plan = read_plan(folder / PLAN) if (folder / PLAN).is_file() else None
    trials = folder / f"sweep.{next(iter(splits))}.json"
    return Ensemble(
        measures=_read_measures(folder, splits, graph),
        name=name,
        members={m["name"]: m["weight"] for m in members},
        stages={m["name"]: _stage_of(folder / ENSEMBLE, results, m, plan) for m in own},
        plan=plan,
        trials=_read_trials(trials) if trials.is_file() else (),
        variables=[_variable(m["name"], row) for m in members for row in m["variables"]],
        **{word: size[word] for word in _SIZE},
        weighing=_read_weighing(folder / MEMBER_WEIGHTS) if learnt else None,
    )


def _read_weighing(path: Path) -> Weighing:
    found = read_json(path, _WEIGHING)
    return Weighing(
        used=found["method"] == "learnt",
        given=found["given"]["weights"],
        before=found["given"]["scores"],
        **{word: found["learnt"][word] for word in ("in_sample", "out_of_fold", "folds_won")},
        **{word: found["settings"][word] for word in ("folds", "split", "objective")},
        videos=found["videos"],
    )


def _variable(member: str, row: Mapping) -> Variable:
    words = (row[word] for word in ("elements", "stored_as", "size_bytes"))
    return Variable(member, row["variable"], tuple(row["shape"]), *words)


def _read_trials(path: Path) -> list[Trial]:
    return [Trial(*(row[word] for word in _TRIAL)) for row in read_rows(path, _TRIAL)]


def _stage_of(path: Path, results: Path, member: Mapping, plan: Plan | None) -> str:
    """The stage whose weights have the digest that the ensemble, or its plan, noted."""
    name = member["name"]
    digest = plan.digests.get(name) if plan else member["digest"]
    for stage in reversed(STAGES):
        weights = results / "models" / name / stage / WEIGHTS
        if weights.is_file() and read_header(weights)[1] == digest:
            return stage
    raise ArtefactError(
        f"{path}: holds other weights of {name} than any of its stages has; make the ensemble again"
    )


def _read_distilled(results: Path, ensembles: Mapping[str, Ensemble]) -> dict[str, Manifest]:
    paths = {name: results / "distillation" / name / "manifest.json" for name in ensembles}
    return {name: read_manifest(path) for name, path in paths.items() if path.exists()}


def _check_names(
    final: str, models: Mapping[str, Model], ensembles: Mapping[str, Ensemble]
) -> None:
    """Raises ArtefactError when something is named that is not among what was read."""
    if final not in ensembles:
        raise ArtefactError(f"report: the final ensemble {final!r} is not among the ensembles")
    for ensemble in ensembles.values():
        for member in ensemble.stages:
            if member not in models:
                raise ArtefactError(
                    f"report: {ensemble.name} has the member {member!r}, which is not among the "
                    "models; name it too"
                )
    for model in models.values():
        teacher = model.config.teacher
        if teacher and teacher not in ensembles:
            raise ArtefactError(
                f"report: {model.name} learnt from {teacher!r}, which is not among the ensembles; "
                "name it too"
            )
