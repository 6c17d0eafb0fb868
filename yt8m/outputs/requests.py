"""Predictions for shards, a manifest or arrays, as Parquet or as the challenge's CSV."""

import shutil
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from yt8m.atomic import replacing
from yt8m.data.checks import WARN_ALL
from yt8m.data.duplicates import Split, repeated_within
from yt8m.data.ids import read_ids
from yt8m.data.manifest import Manifest, read_manifest
from yt8m.data.survey import survey_split
from yt8m.errors import ArtefactError, Yt8mError
from yt8m.outputs.array_kinds import ArrayKinds
from yt8m.outputs.arrays import ArrayVideos, predict_arrays
from yt8m.outputs.prediction_files import open_predictions, with_names
from yt8m.outputs.prediction_inputs import PredictionInputs
from yt8m.outputs.split_predictions import predict
from yt8m.outputs.submission import refuse_unsafe_ids, write_submission
from yt8m.projections.projection import Projection
from yt8m.serving.graph import Graph


@dataclass(frozen=True)
class Options:
    """Options of predicting. unsafe_ids: for a CSV, one of `submission.UNSAFE_IDS`.

    features: what arrays hold, one of `array_kinds.FEATURES`. projections: the graph's, by feature.
    names: of the C classes, written into Parquet.
    """

    batch_size: int
    top_k: int
    skip_dummies: bool = False
    unsafe_ids: str = "refuse"
    features: str = "auto"
    projections: Mapping[str, Projection] | None = None
    names: Sequence[str] | None = None


def predict_videos(graph: Graph, inputs: PredictionInputs, options: Options, out: Path) -> str:
    """Write the `top_k` most probable classes of every video as `out` (Parquet or .csv).

    All videos and ids are checked before the first prediction. Returns a summary of one line.
    Raises ArtefactError, RecordError or ConfigError for what does not fit the graph, and then
    writes nothing. If only writing `out` fails, the predictions are kept, and the error says where.
    """
    place = Path(tempfile.mkdtemp(prefix="yt8m-"))
    table = place / "predictions.parquet"
    try:
        done = _predict(graph, inputs, options, place, table, out.suffix == ".csv")
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        raise
    said = _deliver(table, out, options)
    shutil.rmtree(place, ignore_errors=True)
    return f"{out}: {said}{done}"


def _predict(
    graph: Graph, inputs: PredictionInputs, options: Options, place: Path, table: Path, as_csv: bool
) -> str:
    """Write the predictions as `table`; returns remarks for the user."""
    size, top_k = options.batch_size, options.top_k
    ids: Iterable[str]
    if inputs.kind == "arrays":
        kinds = ArrayKinds(graph.schema, options.projections, options.features)
        videos = ArrayVideos(inputs.paths, kinds)
        ids = videos.ids
    else:
        manifest = _manifest(inputs, graph)
        ids = read_ids(manifest) if as_csv else ()
    if as_csv and options.unsafe_ids == "refuse":
        refuse_unsafe_ids(ids, str(inputs.paths[0]))
    if inputs.kind != "arrays":
        predict(graph, manifest, size, top_k, options.skip_dummies, place / "state", table)
        return ""
    predict_arrays(graph, videos, size, top_k, options.skip_dummies, table)
    names = [name for name in graph.schema.features if videos.without[name]]
    remarks = [f"; {videos.without[name]:,} without {name}" for name in names]
    if videos.cut:
        remarks.append(f"; {videos.cut:,} were cut to {graph.schema.max_frames} frames")
    return "".join(remarks)


def _manifest(inputs: PredictionInputs, graph: Graph) -> Manifest:
    """The given manifest, or one of the given shards, all checked against the graph's schema.

    Suspicious records only cause warnings, since nothing is trained on them.
    """
    if inputs.kind == "manifest":
        return read_manifest(inputs.paths[0])
    found = survey_split(inputs.paths, graph.schema, "videos", checks=WARN_ALL)
    if said := repeated_within(Split(found.manifest, found.ids)):
        print(f"yt8m: warning: {said} Each occurrence is predicted.", file=sys.stderr)
    return found.manifest


def _deliver(table: Path, out: Path, options: Options) -> str:
    """Write `out` from the table; returns a summary of its content."""
    try:
        if out.suffix == ".csv":
            return write_submission(table, out, options.top_k, options.unsafe_ids).summary()
        with replacing(out) as temporary:
            if options.names:
                with_names(table, options.names, temporary)
            else:
                shutil.copyfile(table, temporary)
        with open_predictions(table) as file:
            return f"{file.metadata.num_rows:,} videos"
    except (OSError, Yt8mError) as error:
        said = str(error)
        if not said.startswith(f"{out}: "):
            said = f"{out}: cannot be written ({said})"
        raise ArtefactError(
            f"{said}; the predictions are kept in {table}: copy it, or convert it with `yt8m "
            "submit`"
        ) from error
