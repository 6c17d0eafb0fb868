"""The predictions of a whole split, or of a part of it; in pieces, so that a job can resume."""

import math
from contextlib import closing
from itertools import groupby, islice
from pathlib import Path

from yt8m.data.manifest import Manifest
from yt8m.data.records import Records
from yt8m.locks import locked
from yt8m.outputs.graph_predictions import part_of_batches, predict_records
from yt8m.outputs.prediction_files import PredictionWriter
from yt8m.outputs.prediction_parts import about_part
from yt8m.parts import WHOLE, Part
from yt8m.serving.graph import Graph
from yt8m.sources import digest_of
from yt8m.state import remove_states, state_key

VIDEOS_A_PIECE = 50_000
"""Videos per piece, which an interruption can cost."""


def predict(
    graph: Graph,
    manifest: Manifest,
    batch_size: int,
    top_k: int,
    skip_dummies: bool,
    state: Path,
    out: Path,
    part: Part = WHOLE,
) -> None:
    """Write the `top_k` most probable classes of every video of a split as `out` (Parquet).

    Finished pieces are kept in the folder `state` until all are finished; the same call resumes.
    part: only these batches of the split; a file of a part says so, and `prediction_parts.merge`
        makes of all parts the file of the whole, to the byte.
    Raises ArtefactError if the graph was made for other records.
    """
    settings = {"batch_size": str(batch_size), "skip_dummies": str(skip_dummies)}
    about = {"graph": graph.fingerprint, "records": manifest.digest}
    about |= {} if part == WHOLE else about_part(part) | settings
    waiting = state / state_key(
        graph.fingerprint,
        [shard.content for shard in manifest.shards],
        [batch_size, top_k, skip_dummies, str(part)],
        digest_of("yt8m.outputs.split_predictions"),
    )
    records, classes = Records(manifest), manifest.schema.classes
    first, videos = part_of_batches(len(records), batch_size, part)
    batches = max(1, VIDEOS_A_PIECE // batch_size)  # of a piece
    total = math.ceil(videos / (batches * batch_size))
    pieces = [waiting / f"piece-{n:05d}-of-{total:05d}.parquet" for n in range(total)]
    with locked(state, state):
        missing = [n for n, piece in enumerate(pieces) if not piece.exists()]
        for numbers in _runs(missing):
            done = numbers[0] * batches * batch_size
            rest = first + done, videos - done
            with closing(
                predict_records(graph, records, batch_size, skip_dummies, *rest)
            ) as predicted:
                for n in numbers:
                    with PredictionWriter(pieces[n], top_k, classes, about) as writer:
                        for one in islice(predicted, batches):
                            writer.write(one.batch.ids, one.predictions, one.batch.labels)
        with PredictionWriter(out, top_k, classes, about) as writer:
            for piece in pieces:
                writer.copy(piece)
        remove_states(state)


def _runs(numbers: list[int]) -> list[list[int]]:
    """Runs of consecutive numbers in an ascending sequence."""
    pairs = groupby(enumerate(numbers), lambda pair: pair[1] - pair[0])
    return [[number for _, number in run] for _, run in pairs]
