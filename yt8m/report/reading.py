"""Reading and checking a run's result files as the content of the report."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from yt8m.artefacts import read_ensemble, read_fingerprint
from yt8m.budget.plan import Plan, read_plan
from yt8m.calibration.summary_files import read_summary
from yt8m.choosing.choice import read_choice
from yt8m.config.best import with_variants
from yt8m.config.model import read_model_config
from yt8m.data.few_videos import measured_on_few
from yt8m.data.manifest import Manifest, read_manifest
from yt8m.errors import ArtefactError
from yt8m.frontier.reading import read_frontier
from yt8m.frontier.rows import Row, rows_of
from yt8m.json_files import AMOUNT, COUNT, NUMBER, TEXT, Maybe, one_of, read_json
from yt8m.metrics.files import read_metrics
from yt8m.metrics.intervals import Interval
from yt8m.metrics.origin import Origin
from yt8m.metrics.resample_files import Resampled, Resamples, read_resamples
from yt8m.outputs.shown_videos import Extremes, read_extremes
from yt8m.report.content import (
    Calibration,
    Content,
    Ensemble,
    Graph,
    Measures,
    Model,
    Trial,
    Variable,
    WeightLearning,
    held_stage,
    teacher_of,
)
from yt8m.report.error_reading import read_errors
from yt8m.report.errors import Errors
from yt8m.report.files import Classes, read_classes, read_history, read_rows
from yt8m.report.judging import judged
from yt8m.report.left_out import read_left_out
from yt8m.weights import read_header
from yt8m.workflow.facts import Facts, read_facts
from yt8m.workflow.layout import FITTED, STAGES, Layout, metric_files

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
_RUN = {
    "settings": {
        "dataset": {"source": {"kind": TEXT}},
        "run": {"predict": [TEXT]},
        "frontier": Maybe({"models": [TEXT], "split": Maybe(TEXT)}),
        "variants": Maybe({str: [TEXT]}),
    },
    "seeds": {str: NUMBER},
    "versions": {str: TEXT},
    "revision": Maybe(TEXT),
    "device": {"cpu": TEXT, "cores": COUNT, "gpus": [TEXT]},
}


def read_content(results: str | Path, title: str) -> Content:
    """Read all content of the page from the folder `results`, as listed in its `run.json`.

    Raises ArtefactError naming the file that is missing or damaged.
    """
    layout = Layout(str(results))
    made = read_facts(layout.run)
    manifests = _read_manifests(layout, made)
    evaluated = {split: manifests[split].digest for split in made.evaluate}
    resamples = _read_resamples(layout, made, manifests)
    models = {name: _read_model(layout, name, evaluated, resamples) for name in made.models}
    models = dict(sorted(models.items(), key=_teachers_first))
    by_final = sorted(made.ensembles, key=lambda name: (name == made.final, name))
    ensembles = {
        name: _read_ensemble(layout, made, name, evaluated, resamples) for name in by_final
    }
    _check_names(layout.run, made, models, ensembles)
    _check_choices(layout, ensembles)
    teacher = teacher_of(ensembles[made.final], models, ensembles)
    tables = _read_class_tables(layout, made, models, ensembles)
    chain = [*filter(None, [teacher]), ensembles[made.final]]
    run = read_json(layout.run, _RUN)
    content = Content(
        title=title,
        final=ensembles[made.final],
        models=models,
        ensembles=ensembles,
        splits=made.evaluate,
        manifests=manifests,
        distilled=_read_distilled(layout, ensembles),
        calibration=_read_calibration(layout, made.final, manifests),
        extremes=_read_extremes(layout, made, manifests),
        errors=_read_errors(layout, made, manifests, chain),
        classes={ensemble.name: tables[ensemble.name] for ensemble in reversed(chain)},
        class_tables=tables,
        train=made.train,
        run=run,
        left_out=read_left_out(layout, run),
        frontier=_read_sizes(Path(results), run),
    )
    return judged(content, resamples.level, resamples.draws) if resamples else content


def _read_manifests(layout: Layout, made: Facts) -> dict[str, Manifest]:
    """Manifests by split: first those of the run, then any others in the folder."""
    needed = {split: Path(layout.manifest(split)) for split in (made.train, *made.evaluate)}
    beside = sorted(Path(layout.manifest(made.train)).parent.glob("*.json"))
    found = needed | {path.stem: path for path in beside}
    return {split: read_manifest(path) for split, path in found.items()}


def _read_class_tables(
    layout: Layout, made: Facts, models: Mapping[str, Model], ensembles: Mapping[str, Ensemble]
) -> dict[str, Classes]:
    """How well each class is predicted in the split that figures show: the final ensemble first."""
    final_first = sorted(ensembles.values(), key=lambda e: e.name != made.final)
    folders = {e.name: layout.ensemble(e.name) for e in final_first}
    folders |= {name: layout.stage(name, held_stage(name, final_first)) for name in models}
    files = {n: metric_files(folder, made.evaluate[0])["classes"] for n, folder in folders.items()}
    return {name: read_classes(Path(path)) for name, path in files.items()}


def _teachers_first(named: tuple[str, Model]) -> tuple[bool, str]:
    """Sort key: models by name, with students last."""
    name, model = named
    return bool(model.config.teacher), name


def _read_model(
    layout: Layout, name: str, splits: Mapping[str, str], resamples: Resamples | None
) -> Model:
    sizes = read_rows(Path(layout.quantised(name)["sizes"]), {"elements": AMOUNT})
    histories = {stage: Path(layout.fitted(name, stage)["history"]) for stage in FITTED}
    return Model(
        config=read_model_config(Path(layout.config(name))),
        stages={stage: _read_stage(layout, name, stage, splits, resamples) for stage in STAGES},
        histories={stage: read_history(path) for stage, path in histories.items()},
        parameters=sum(row["elements"] for row in sizes),
    )


def _read_stage(
    layout: Layout, name: str, stage: str, splits: Mapping[str, str], resamples: Resamples | None
) -> Graph:
    weights = Path(layout.weights(name, stage))
    try:
        size_bytes = weights.stat().st_size
    except OSError:
        raise ArtefactError(f"{weights}: no such file; make it first") from None
    graph = read_header(weights)[1]
    measures = _read_measures(layout.stage(name, stage), splits, graph)
    return Graph(measures, size_bytes, resampled=_resampled(resamples, graph, measures))


def _read_measures(folder: str, splits: Mapping[str, str], graph: str) -> dict[str, Measures]:
    """What a graph scored. splits: name -> digest of the records. graph: its own digest."""
    return {
        split: read_metrics(Path(metric_files(folder, split)["metrics"]), graph, records)
        for split, records in splits.items()
    }


def _read_ensemble(
    layout: Layout,
    made: Facts,
    name: str,
    splits: Mapping[str, str],
    resamples: Resamples | None,
) -> Ensemble:
    folder, plan = layout.ensemble(name), _read_plan(Path(layout.plan(name)))
    size = read_json(layout.size(name), _SIZE)
    members = read_ensemble(Path(folder))["members"]
    own = [] if name in made.imported else members
    graph = read_fingerprint(Path(layout.fingerprint(name)))["digest"]
    measures = _read_measures(folder, splits, graph)
    return Ensemble(
        measures=measures,
        resampled=_resampled(resamples, graph, measures),
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


def _read_resamples(
    layout: Layout, made: Facts, manifests: Mapping[str, Manifest]
) -> Resamples | None:
    """Metrics on resampled videos of the split that figures show, if there are any."""
    split = made.evaluate[0]
    path = Path(layout.resamples(split))
    return read_resamples(path, manifests[split].digest) if path.is_file() else None


def _resampled(
    resamples: Resamples | None, graph: str, measures: Mapping[str, Measures]
) -> Resampled | None:
    """Those of one graph, if they are of the videos and `top_k` of its metrics, and of enough."""
    if resamples is None:
        return None
    found = measures[resamples.split]
    same = (resamples.videos, resamples.top_k) == (found["videos"], found["top_k"])
    return resamples.graphs.get(graph) if same and not measured_on_few(found) else None


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


def _read_distilled(layout: Layout, ensembles: Mapping[str, Ensemble]) -> dict[str, Manifest]:
    paths = {name: Path(layout.distilled(name)) for name in ensembles}
    return {name: read_manifest(path) for name, path in paths.items() if path.exists()}


def _read_calibration(
    layout: Layout, final: str, manifests: Mapping[str, Manifest]
) -> Calibration | None:
    """How the thresholds of the final ensemble were chosen, if they were."""
    path = Path(layout.thresholds(final)["calibration"])
    if not path.is_file():
        return None
    graph = read_fingerprint(Path(layout.fingerprint(final)))["digest"]
    found = read_summary(path, graph)
    if found["split"] not in manifests:
        raise ArtefactError(f"{path}: is about {found['split']}, which has no manifest here")
    return read_summary(path, graph, manifests[found["split"]].digest)


def _read_extremes(
    layout: Layout, made: Facts, manifests: Mapping[str, Manifest]
) -> Extremes | None:
    """The videos of the first split that nothing is trained on, if there are thumbnails of them."""
    split = made.held_out
    path = Path(layout.thumbnails(made.final, split)) if split else None
    if path is None or not path.is_file():
        return None
    graph = read_fingerprint(Path(layout.fingerprint(made.final)))["digest"]
    return read_extremes(path, graph, manifests[split].digest)


def _read_errors(
    layout: Layout, made: Facts, manifests: Mapping[str, Manifest], chain: Sequence[Ensemble]
) -> Errors | None:
    """The errors of the final ensemble on the same split. chain: as `read_errors` wants it."""
    if not (split := made.held_out):
        return None
    graph = read_fingerprint(Path(layout.fingerprint(made.final)))["digest"]
    return read_errors(layout, chain, Origin(split, graph, manifests[split].digest))


def _read_sizes(results: Path, run: Mapping[str, Any]) -> list[Row]:
    """Models in all encodings, if the run compares them; not those of an earlier config."""
    settings = run["settings"]
    if not (frontier := settings.get("frontier")):
        return []
    models = with_variants(frontier["models"], settings.get("variants") or {})
    return rows_of(read_frontier(results, models))


def _check_names(
    run: str, made: Facts, models: Mapping[str, Model], ensembles: Mapping[str, Ensemble]
) -> None:
    """Raises ArtefactError, naming `run`, if it lists a name without what it refers to."""
    needed = {f"the teacher of {m.name}": m.config.teacher for m in models.values()}
    for what, name in {"made.final": made.final, **needed}.items():
        if name and name not in ensembles:
            raise ArtefactError(f"{run}: {what} is {name}, not among made.ensembles; make it again")
    for ensemble in ensembles.values():
        for member in ensemble.stages:
            if member not in models:
                raise ArtefactError(
                    f"{run}: {ensemble.name} has the member {member}, not among made.models; "
                    "make it again"
                )


def _check_choices(layout: Layout, ensembles: Mapping[str, Ensemble]) -> None:
    """Raises ArtefactError unless members are those chosen among the models as they are now."""
    for name, ensemble in ensembles.items():
        choice, path = ensemble.choice, layout.choice(name)
        if choice is None:
            continue
        if others := sorted(ensemble.members.keys() - set(choice.members)):
            raise ArtefactError(
                f"{layout.description(name)}: has the member {others[0]}, which {path} did not "
                "choose; make the ensemble again"
            )
        for candidate in choice.candidates:
            if candidate.weights not in _digests(layout, candidate.name):
                raise ArtefactError(
                    f"{path}: compared other weights of {candidate.name} than any of its stages; "
                    "make it again"
                )


def _digests(layout: Layout, model: str) -> set[str]:
    """The digests of a model's weights at all stages that exist."""
    files = (Path(layout.weights(model, stage)) for stage in STAGES)
    return {read_header(file)[1] for file in files if file.is_file()}
