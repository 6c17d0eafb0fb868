"""What a user asks a graph to predict: shards, a manifest or arrays; and as which kind of file."""

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from yt8m.config.paths import resolve
from yt8m.data.manifest import Manifest, read_manifest
from yt8m.errors import ArtefactError
from yt8m.outputs.prediction_parts import predict
from yt8m.outputs.submission import write_submission
from yt8m.serving.graph import Graph

ARRAYS = (".npy", ".npz")


def predict_videos(
    graph: Graph,
    sources: Sequence[str],
    batch_size: int,
    top_k: int,
    skip_dummies: bool,
    out: Path,
) -> None:
    """Write the best `top_k` classes of every video as `out`: Parquet, or CSV if its name ends so.

    sources: shards (paths, patterns or folders), one manifest (.json), or one file of arrays.
    Raises ArtefactError, RecordError or ConfigError for what does not fit the graph, and then
    writes nothing.
    """
    with tempfile.TemporaryDirectory(prefix="yt8m-") as place:
        as_csv = out.suffix == ".csv"
        table = Path(place, "predictions.parquet") if as_csv else out
        if Path(sources[0]).suffix in ARRAYS:
            from yt8m.outputs.arrays import predict_arrays

            _one(sources)
            predict_arrays(graph, Path(sources[0]), batch_size, top_k, table)
        else:
            manifest, state = _manifest(sources, graph), Path(place, "state")
            predict(graph, manifest, batch_size, top_k, skip_dummies, state, table)
        if as_csv:
            write_submission(table, out, top_k)


def _one(sources: Sequence[str]) -> None:
    if len(sources) > 1:
        raise ArtefactError(
            f"{sources[0]}: comes with {len(sources) - 1} others; give shards, or one manifest, "
            "or one file of arrays"
        )


def _manifest(sources: Sequence[str], graph: Graph) -> Manifest:
    """A manifest as it is; shards are read and checked whole, as the graph's schema wants them."""
    if Path(sources[0]).suffix == ".json":
        _one(sources)
        return read_manifest(sources[0])

    from yt8m.data.same_videos import Split, repeated_within
    from yt8m.data.survey import survey_split

    shards = []
    for source in sources:
        pattern = f"{source}/*.tfrecord" if Path(source).is_dir() else source
        shards += resolve(pattern, source)
    found = survey_split(shards, graph.schema, "videos")
    if said := repeated_within(Split(found.manifest, found.ids)):
        print(f"yt8m: warning: {said} Each is predicted as often.", file=sys.stderr)
    return found.manifest
