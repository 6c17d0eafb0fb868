"""Commands that use a graph: a model's stage folder, an ensemble's folder or its archive."""

from pathlib import Path

import click

from yt8m.cli import options
from yt8m.cli.output import say, written, written_part
from yt8m.runtime.unused import import_pyarrow

_unsafe_ids = click.option(
    "--unsafe-ids",
    type=click.Choice(["refuse", "leave-out", "escape"]),
    help="What to do with ids that break a CSV or look like formulas.  [default: refuse]",
)


@click.command()
@options.any_graph
@click.argument("videos", nargs=-1)
@click.option(
    "--records", type=options.FILE, help="Manifest of a split's shards, instead of VIDEOS."
)
@options.batch_size
@options.top_k
@options.skip_dummies
@_unsafe_ids
@options.features
@options.label_names
@click.option(
    "--state",
    type=options.NEW_FOLDER,
    help="With --records: folder for saved state, from which an interrupted command resumes.",
)
@click.option(
    "--part",
    type=options.PART,
    metavar="N/PARTS",
    help="With --records: predict this part of the split only, for `yt8m merge-predictions`.",
)
@options.fingerprinted
@options.models
@options.out_predictions
@options.predicts
def predict(
    graph,
    videos,
    records,
    batch_size,
    top_k,
    skip_dummies,
    unsafe_ids,
    features,
    label_names,
    state,
    part,
    fingerprint,
    models,
    out,
) -> None:
    """Write the most probable classes of every video, with their probabilities.

    GRAPH is a model's stage folder, an ensemble's folder or its archive (.tar.gz). VIDEOS are
    files, patterns or folders (at any depth) of one kind: shards, a manifest (.json), or arrays
    (.npy, .npz, .h5, .pb).

    An .npy file holds frames of many videos [videos, frames, features], or of one [frames,
    features], whose id is the file's name. An .npz file holds `frames` and optionally `num_frames`
    and `ids`; or an array per feature of one video; or one array per video, named by its id. A
    pattern with {feature}, such as '{feature}/*.npy', a folder with a subfolder per feature, or a
    table (.csv) as in training, without labels, names a file per feature.

    Floats are the extractor's values if GRAPH contains projections, otherwise dequantised values of
    records; bytes are those of records. For videos there is `yt8m label`.

    OUT is Parquet, with the names of the classes if GRAPH has them; or the challenge's CSV if its
    name ends in .csv.
    """
    if bool(videos) == bool(records) or bool(records) != bool(state):
        raise click.UsageError("give VIDEOS, or --records and --state (a whole split, as Parquet)")
    if part and not records:
        raise click.UsageError("--part needs --records")
    import_pyarrow()
    if records:
        if out.suffix != ".parquet":
            raise click.UsageError(
                "with --records, OUT is .parquet; `yt8m submit` makes a CSV of it"
            )
        from yt8m.data.manifest import read_manifest
        from yt8m.outputs.graph_predictions import part_of_batches
        from yt8m.outputs.split_predictions import predict
        from yt8m.parts import WHOLE

        check(graph, fingerprint, models)
        split, loaded = read_manifest(records), open_any(graph)
        predict(loaded, split, batch_size, top_k, skip_dummies, state, out, part or WHOLE)
        _, videos = part_of_batches(split.records, batch_size, part or WHOLE)
        say(written_part(out, part, videos) if part else written(out))
        return
    from yt8m.outputs.prediction_inputs import find_inputs

    find_inputs(videos)  # refuses before anything is loaded
    from yt8m.labelling.labeller import open_labeller
    from yt8m.outputs.requests import Options, predict_videos

    loaded = open_labeller(graph, videos=False, label_names=label_names)
    found = find_inputs(videos, tuple(loaded.graph.schema.features))
    chosen = Options(
        batch_size,
        top_k,
        skip_dummies,
        unsafe_ids or "refuse",
        features or "auto",
        loaded.projections,
        loaded.names if loaded.has_names else None,
    )
    say(predict_videos(loaded.graph, found, chosen, out))


def check(graph: Path, fingerprint: Path | None, models: Path | None) -> None:
    """Check an ensemble's folder if there is a fingerprint or a folder of models to check it by."""
    if fingerprint or models:
        from yt8m.serving.contents import check_origin

        check_origin(graph, fingerprint, models)


def open_any(path: Path):
    """The graph in a folder or an archive."""
    if path.is_dir():  # the workflow's steps must not depend on the code that reads archives
        from yt8m.serving.graph import load_graph

        return load_graph(path)
    from yt8m.serving.archive_reader import open_graph

    return open_graph(path)


@click.command()
@click.argument("predictions", type=options.FILE)
@options.top_k
@_unsafe_ids
@options.fingerprinted
@click.option(
    "--records", type=options.FILE, help="Manifest of the split; refuse predictions for any other."
)
@options.out_csv
def submit(
    predictions: Path, top_k: int, unsafe_ids: str | None, fingerprint, records, out
) -> None:
    """Convert PREDICTIONS (Parquet) to the challenge's CSV: VideoId,LabelConfidencePairs."""
    from yt8m.artefacts import read_fingerprint
    from yt8m.data.manifest import read_manifest
    from yt8m.outputs.prediction_files import check_predictions
    from yt8m.outputs.submission import write_submission

    graph = read_fingerprint(fingerprint)["digest"] if fingerprint else None
    split = read_manifest(records).digest if records else None
    check_predictions(predictions, graph=graph, records=split)
    written = write_submission(predictions, out, top_k, unsafe_ids or "refuse")
    say(f"{out}: {written.summary()}")


@click.command()
@options.graph
@options.records
@click.option(
    "--shards",
    required=True,
    type=options.NUMBERS,
    help="Number of a source shard, such as 17, or a range, such as 10-19.",
)
@click.option(
    "--layout",
    default="soft_labels",
    show_default=True,
    type=click.Choice(["soft_labels", "full"]),
    help="Write soft labels alone, or whole records with the frames.",
)
@click.option(
    "--keep",
    default=900,
    show_default=True,
    type=options.FROM_ONE,
    help="Predictions per video to keep.",
)
@options.batch_size
@options.state
@options.fingerprinted
@options.models
@options.out_folder
@options.predicts
def distil(
    graph, records, shards, layout, keep, batch_size, state, fingerprint, models, out
) -> None:
    """Write GRAPH's predictions on source shards as distilled shards, into the folder OUT."""
    from yt8m.data.manifest import read_manifest
    from yt8m.outputs.distillation import Layout, distil
    from yt8m.serving.graph import load_graph

    check(graph, fingerprint, models)
    source = read_manifest(records)
    distil(load_graph(graph), source, shards, Layout(layout, keep), batch_size, state, out)
    videos = sum(source.shards[number].records for number in shards)
    say(f"{out}: {len(shards)} shards, {videos:,} videos")
