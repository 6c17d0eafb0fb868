"""Reading what a run's files say about models, and what graphs scored."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from yt8m.config.model import read_model_config
from yt8m.data.few_videos import measured_on_few
from yt8m.errors import ArtefactError
from yt8m.json_files import AMOUNT
from yt8m.made_with import check_made_with, read_entry
from yt8m.metrics.files import read_metrics
from yt8m.metrics.resample_files import Resampled, Resamples
from yt8m.report.content import Graph, Measures, Model
from yt8m.report.files import read_history, read_rows
from yt8m.weights import read_header
from yt8m.workflow.layout import FITTED, STAGES, Layout, metric_files


def model_of(
    layout: Layout, name: str, splits: Mapping[str, str], resamples: Resamples | None
) -> Model:
    """A model at all its stages. splits: name -> digest of the records that it is evaluated on.

    Raises ArtefactError naming the file that is missing or damaged.
    """
    config = Path(layout.config(name))
    settings = read_model_config(config)
    check = partial(check_made_with, entry=read_entry(config, name), where=str(config))
    sizes = read_rows(Path(layout.quantised(name)["sizes"]), {"elements": AMOUNT})
    histories = {stage: Path(layout.fitted(name, stage)["history"]) for stage in FITTED}
    return Model(
        config=settings,
        stages={s: _read_stage(layout, name, s, splits, resamples, check) for s in STAGES},
        histories={stage: read_history(path) for stage, path in histories.items()},
        parameters=sum(row["elements"] for row in sizes),
    )


def _read_stage(
    layout: Layout,
    name: str,
    stage: str,
    splits: Mapping[str, str],
    resamples: Resamples | None,
    check: Callable[[Path, Mapping[str, Any]], None],
) -> Graph:
    """check: raises ArtefactError for a file of weights, and its header, of other settings."""
    weights = Path(layout.weights(name, stage))
    try:
        size_bytes = weights.stat().st_size
    except OSError:
        raise ArtefactError(f"{weights}: no such file; make it first") from None
    header, graph = read_header(weights)
    check(weights, header)
    measures = read_measures(layout.stage(name, stage), splits, graph)
    return Graph(measures, size_bytes, resampled=resampled_of(resamples, graph, measures))


def read_measures(folder: str, splits: Mapping[str, str], graph: str) -> dict[str, Measures]:
    """What a graph scored. splits: name -> digest of the records. graph: its own digest."""
    return {
        split: read_metrics(Path(metric_files(folder, split)["metrics"]), graph, records)
        for split, records in splits.items()
    }


def resampled_of(
    resamples: Resamples | None, graph: str, measures: Mapping[str, Measures]
) -> Resampled | None:
    """The resampled metrics of one graph, if they are of enough videos.

    They must be of the videos and `top_k` of its metrics.
    """
    if resamples is None:
        return None
    found = measures[resamples.split]
    same = (resamples.videos, resamples.top_k) == (found["videos"], found["top_k"])
    return resamples.graphs.get(graph) if same and not measured_on_few(found) else None
