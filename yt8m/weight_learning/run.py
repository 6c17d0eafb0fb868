"""Learning the weights of an ensemble's members, from stage folders and records to JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from yt8m.config.ensembles import WeightLearning
from yt8m.data.records import Records
from yt8m.errors import ArtefactError
from yt8m.outputs.graph_predictions import predict_records
from yt8m.recipes import as_entry
from yt8m.serving.graph import Graph, load_graph
from yt8m.weight_learning.candidates import Candidates, candidates_of, joined
from yt8m.weight_learning.cross_validation import Outcome, cross_validate

KEPT = 40
"""Best classes per member and video that are candidates; at least twice as many as GAP sees."""


def learn_weights(
    stages: Mapping[Path, float],
    records: Records,
    settings: WeightLearning,
    batch_size: int,
    top_k: int = 20,
    skip_dummies: bool = False,
) -> dict[str, Any]:
    """Learn the weights of models at a stage; returns the content of `weights.json`.

    stages: stage folder -> configured weight.

    Raises RecordError if no video has a label, ArtefactError for members of the same name or
    records that do not match them.
    """
    graphs = [load_graph(stage) for stage in stages]
    names = [graph.name for graph in graphs]
    if len(set(names)) < len(names):
        raise ArtefactError(f"two members are called {_twice(names)}; names must be unique")
    configured = np.array(list(stages.values()))
    kept = max(KEPT, 2 * top_k)
    found = collect(graphs, records, settings.videos, batch_size, kept, skip_dummies)
    outcome = cross_validate(found, configured, settings, top_k)
    digests = {graph.name: graph.fingerprint for graph in graphs}
    return {**described(names, configured, outcome, settings, len(found)), "digests": digests}


def collect(
    graphs: Sequence[Graph],
    records: Records,
    videos: int,
    batch_size: int,
    kept: int,
    skip_dummies: bool = False,
) -> Candidates:
    """The predictions of all members for the first `videos` records; each reads them once.

    ASSUME the order of a split's records carries no information, as in YouTube-8M.
    kept: best classes of each member and video. Memory: about 4 bytes * videos * members * the
    distinct classes among the `kept` of all members, some hundreds if there are many members.
    """
    streams = [predict_records(g, records, batch_size, skip_dummies, videos=videos) for g in graphs]
    batches = [
        candidates_of([one.predictions for one in predicted], predicted[0].batch.labels, kept)
        for predicted in zip(*streams, strict=True)
    ]
    return joined(batches)


def described(
    names: Sequence[str],
    configured: np.ndarray,
    outcome: Outcome,
    settings: WeightLearning,
    videos: int,
) -> dict[str, Any]:
    """The outcome as JSON.

    `weights` holds the weights to use: the learned ones if they win in cross-validation (`method`
    "learned"), otherwise exactly the configured ones.
    """
    better = outcome.out_of_fold.beats(outcome.configured, settings.objective)

    def by_name(weights: np.ndarray) -> dict[str, float]:
        return dict(zip(names, weights.tolist(), strict=True))

    return {
        "method": "learned" if better else "configured",
        "weights": by_name(outcome.learned if better else configured),
        "configured": {"weights": by_name(configured), "metrics": asdict(outcome.configured)},
        "learned": {
            "weights": by_name(outcome.learned),
            "in_sample": asdict(outcome.in_sample),
            "out_of_fold": asdict(outcome.out_of_fold),
            "folds_won": outcome.folds_won,
        },
        "settings": as_entry(settings),
        "videos": videos,
    }


def _twice(names: Sequence[str]) -> str:
    return next(name for name in names if names.count(name) > 1)
