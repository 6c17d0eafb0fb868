"""The predictions of a whole split, in parts, so that an interrupted job can resume."""

import math
from itertools import groupby, islice
from pathlib import Path

from yt8m.data.manifest import Manifest
from yt8m.data.records import Records
from yt8m.locks import locked
from yt8m.outputs.graph_predictions import predict_records
from yt8m.outputs.prediction_files import PredictionWriter
from yt8m.serving.graph import Graph
from yt8m.sources import digest_of
from yt8m.state import remove_states, state_key

VIDEOS_A_PART = 50_000
"""Videos per part, which an interruption can cost."""


def predict(
    graph: Graph,
    manifest: Manifest,
    batch_size: int,
    top_k: int,
    skip_dummies: bool,
    state: Path,
    out: Path,
) -> None:
    """Write the `top_k` most probable classes of every video of a split as `out` (Parquet).

    Finished parts are kept in the folder `state` until all are finished; the same call resumes.
    Raises ArtefactError if the graph was made for other records.
    """
    waiting = state / state_key(
        graph.fingerprint,
        [shard.digest for shard in manifest.shards],
        [batch_size, top_k, skip_dummies],
        digest_of("yt8m.outputs.split_predictions"),
    )
    batches = max(1, VIDEOS_A_PART // batch_size)  # of a part
    total = math.ceil(manifest.records / (batches * batch_size))
    parts = [waiting / f"part-{n:05d}-of-{total:05d}.parquet" for n in range(total)]
    records, classes = Records(manifest), manifest.schema.classes
    origin = {"graph": graph.fingerprint, "records": manifest.digest}
    with locked(state, state):
        missing = [n for n, part in enumerate(parts) if not part.exists()]
        for numbers in _runs(missing):
            first = numbers[0] * batches * batch_size
            predicted = predict_records(graph, records, batch_size, skip_dummies, first)
            for n in numbers:
                with PredictionWriter(parts[n], top_k, classes, origin) as writer:
                    for one in islice(predicted, batches):
                        writer.write(one.batch.ids, one.predictions, one.batch.labels)
        with PredictionWriter(out, top_k, classes, origin) as writer:
            for part in parts:
                writer.copy(part)
        remove_states(state)


def _runs(numbers: list[int]) -> list[list[int]]:
    """Runs of consecutive numbers in an ascending sequence."""
    pairs = groupby(enumerate(numbers), lambda pair: pair[1] - pair[0])
    return [[number for _, number in run] for _, run in pairs]
