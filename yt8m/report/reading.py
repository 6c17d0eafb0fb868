"""Reading and checking a run's result files as the content of the report."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from yt8m.artefacts import read_fingerprint
from yt8m.calibration.summary_files import read_summary
from yt8m.config.best import with_variants
from yt8m.data.manifest import Manifest, read_manifest
from yt8m.errors import ArtefactError
from yt8m.frontier.reading import read_frontier
from yt8m.frontier.rows import Row, rows_of
from yt8m.json_files import COUNT, NUMBER, TEXT, Maybe, read_json
from yt8m.metrics.origin import Origin
from yt8m.metrics.resample_files import Resamples, read_resamples
from yt8m.outputs.shown_videos import Extremes, read_extremes
from yt8m.report.consistency import check_choices, check_names
from yt8m.report.content import Calibration, Content, Ensemble, Model, held_stage, teacher_of
from yt8m.report.ensemble_reading import ensemble_of
from yt8m.report.error_reading import read_errors
from yt8m.report.errors import Errors
from yt8m.report.files import Classes, read_classes
from yt8m.report.graph_digests import digest_in
from yt8m.report.judging import judged
from yt8m.report.left_out import read_left_out
from yt8m.report.model_reading import model_of
from yt8m.workflow.facts import Facts, read_facts
from yt8m.workflow.layout import Layout, metric_files

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
    models = {name: model_of(layout, name, evaluated, resamples) for name in made.models}
    models = dict(sorted(models.items(), key=_teachers_first))
    by_final = sorted(made.ensembles, key=lambda name: (name == made.final, name))
    ensembles = {name: ensemble_of(layout, made, name, evaluated, resamples) for name in by_final}
    check_names(layout.run, made, models, ensembles)
    check_choices(layout, ensembles)
    teacher = teacher_of(ensembles[made.final], models, ensembles)
    tables = _read_class_tables(layout, made, models, ensembles, evaluated[made.evaluate[0]])
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
    layout: Layout,
    made: Facts,
    models: Mapping[str, Model],
    ensembles: Mapping[str, Ensemble],
    records: str,
) -> dict[str, Classes]:
    """How well each class is predicted in the split that figures show: the final ensemble first.

    records: digest of that split's.
    """
    split = made.evaluate[0]
    final_first = sorted(ensembles.values(), key=lambda e: e.name != made.final)
    folders = {e.name: layout.ensemble(e.name) for e in final_first}
    folders |= {name: layout.stage(name, held_stage(name, final_first)) for name in models}
    files = {n: Path(metric_files(f, split)["classes"]) for n, f in folders.items()}
    return {n: read_classes(path, digest_in(path.parent), records) for n, path in files.items()}


def _teachers_first(named: tuple[str, Model]) -> tuple[bool, str]:
    """Sort key: models by name, with students last."""
    name, model = named
    return bool(model.config.teacher), name


def _read_resamples(
    layout: Layout, made: Facts, manifests: Mapping[str, Manifest]
) -> Resamples | None:
    """Metrics on resampled videos of the split that figures show, if there are any."""
    split = made.evaluate[0]
    path = Path(layout.resamples(split))
    return read_resamples(path, manifests[split].digest) if path.is_file() else None


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
