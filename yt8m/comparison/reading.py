"""Reading the graphs of a run that can be compared, and why others cannot."""

import csv
from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path

from yt8m.artefacts import read_fingerprint
from yt8m.comparison.graphs import ENSEMBLE, Graph, LeftOut, Metrics
from yt8m.comparison.runs import Run
from yt8m.comparison.settings import ensemble_settings, model_settings
from yt8m.errors import ArtefactError
from yt8m.json_files import AMOUNT, TEXT, Maybe, read_json
from yt8m.metrics.files import read_metrics
from yt8m.weights import read_header
from yt8m.workflow.layout import FITTED, STAGES, metric_files


def read_graphs(run: Run, split: str, stage: str, only: tuple[str, ...]) -> list[Graph | LeftOut]:
    """The graphs of a run that were evaluated on a split, and those that cannot be compared.

    stage: one of `CHOICES`. only: patterns of names, such as `vlad-*`; all if there are none.
    """
    readers = {name: partial(_read_model, run, name, split, stage) for name in run.made.models}
    readers |= {name: partial(_read_ensemble, run, name, split) for name in run.made.ensembles}
    chosen = {n: read for n, read in readers.items() if not only or _matches(n, only)}
    return [_or_left_out(f"{run.label}/{name}", read) for name, read in chosen.items()]


def _matches(name: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def _or_left_out(label: str, read: Callable[[], Graph]) -> Graph | LeftOut:
    try:
        return read()
    except ArtefactError as error:
        return LeftOut(label, str(error))


def _read_model(run: Run, name: str, split: str, stage: str) -> Graph:
    stages = STAGES if stage in ("last", "best") else (stage,)
    found = [s for s in stages if Path(_metrics_file(run.layout.stage(name, s), split)).is_file()]
    if not found:
        raise ArtefactError(f"was not evaluated on {split} at the stage {' or '.join(stages)}")
    wanted = found[-1:] if stage == "last" else found
    return max((_read_stage(run, name, s, split) for s in wanted), key=lambda graph: graph.gap)


def _read_stage(run: Run, name: str, stage: str, split: str) -> Graph:
    folder, weights = run.layout.stage(name, stage), Path(run.layout.weights(name, stage))
    held = weights.is_file()
    header, expected = read_header(weights) if held else (None, None)
    metrics, digest, records = _read_measures(folder, split, expected)
    return Graph(
        run=run.label,
        name=name,
        stage=stage,
        settings=model_settings(run, name, stage, header),
        metrics=metrics,
        digest=digest,
        records=records,
        videos=Path(metric_files(folder, split)["videos"]),
        size_bytes=weights.stat().st_size if held else None,
        seconds=_training_seconds(run, name, stage),
    )


def _read_ensemble(run: Run, name: str, split: str) -> Graph:
    folder = run.layout.ensemble(name)
    expected = read_fingerprint(Path(run.layout.fingerprint(name)))["digest"]
    metrics, digest, records = _read_measures(folder, split, expected)
    return Graph(
        run=run.label,
        name=name,
        stage=ENSEMBLE,
        settings=ensemble_settings(run, name),
        metrics=metrics,
        digest=digest,
        records=records,
        videos=Path(metric_files(folder, split)["videos"]),
        size_bytes=_size_bytes(Path(run.layout.size(name))),
    )


def _size_bytes(path: Path) -> int | None:
    return read_json(path, {"size_bytes": AMOUNT})["size_bytes"] if path.is_file() else None


def _metrics_file(folder: str, split: str) -> str:
    return metric_files(folder, split)["metrics"]


def _read_measures(folder: str, split: str, graph: str | None) -> tuple[Metrics, str | None, str]:
    """Metrics and the digests of their graph and records; graph: the digest of the one that is
    there now, if any. Raises ArtefactError for metrics of another one.
    """
    path = _metrics_file(folder, split)
    if not Path(path).is_file():
        raise ArtefactError(f"was not evaluated on {split}")
    about = read_json(path, {"graph": Maybe(TEXT), "records": Maybe(TEXT)})
    metrics = read_metrics(path, graph)
    if about.get("records") is None:
        raise ArtefactError(f"{path}: does not say on which records; evaluate again")
    return metrics, about.get("graph") or graph, about["records"]


def _training_seconds(run: Run, name: str, stage: str) -> float | None:
    """Time of the training loop until a stage, without its start; None if a history is missing."""
    until = FITTED[: FITTED.index(stage) + 1] if stage in FITTED else FITTED
    try:
        return sum(sum(_seconds(Path(run.layout.fitted(name, s)["history"]))) for s in until)
    except (OSError, KeyError, TypeError, ValueError, ZeroDivisionError):
        return None


def _seconds(history: Path) -> Iterator[float]:
    """Seconds between the rows of a training history, from the videos per second of each."""
    before = 0.0
    with history.open(newline="") as file:
        for row in csv.DictReader(file):
            yield (float(row["videos"]) - before) / float(row["videos_per_second"])
            before = float(row["videos"])
