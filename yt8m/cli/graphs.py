"""Commands that use a graph: a model's stage folder, an ensemble's folder or its archive."""

from contextlib import nullcontext
from pathlib import Path

import click

from yt8m.cli import options
from yt8m.cli.output import say, written

_unsafe_ids = click.option(
    "--unsafe-ids",
    type=click.Choice(["refuse", "leave-out", "escape"]),
    help="What to do with ids that break a CSV or look like formulas.  [default: refuse]",
)


@click.command()
@options.any_graph
@options.records
@options.batch_size
@options.top_k
@options.skip_dummies
@options.label_names
@options.trained_on
@options.fingerprinted
@options.models
@click.option(
    "--classes-out",
    required=True,
    type=options.NEW_TABLE,
    help="Parquet file for the metrics of each class.",
)
@click.option(
    "--scores-out",
    type=options.NEW_TABLE,
    help="Parquet file for counts of the probabilities, which `yt8m calibrate` reads.",
)
@click.option(
    "--mistakes-out",
    type=options.NEW_TABLE,
    help="Parquet file for the videos that GRAPH gets most wrong, and those it gets right.",
)
@click.option(
    "--confusions-out",
    type=options.NEW_TABLE,
    help="Parquet file for the classes that are predicted in place of which labels.",
)
@click.option(
    "--videos-out",
    type=options.NEW_TABLE,
    help="Parquet file for what each video contributes, which `yt8m confidence` reads.",
)
@options.out
@options.computes
def evaluate(
    graph,
    records,
    batch_size,
    top_k,
    skip_dummies,
    label_names,
    trained_on,
    fingerprint,
    models,
    classes_out,
    scores_out,
    mistakes_out,
    confusions_out,
    videos_out,
    out,
) -> None:
    """Evaluate GRAPH on a labelled split: GAP, MAP, PERR, Hit@1 and loss.

    GRAPH is a model's stage folder, an ensemble's folder or its archive (.tar.gz).
    """
    from yt8m.data.label_names import default_names, read_label_names
    from yt8m.data.manifest import read_manifest
    from yt8m.data.records import Records
    from yt8m.metrics.files import summary, write_class_table, write_metrics
    from yt8m.metrics.origin import Origin
    from yt8m.origins import check_records
    from yt8m.outputs.evaluation import evaluate

    outputs = {"--out": out, "--classes-out": classes_out}
    outputs |= {"--scores-out": scores_out, "--mistakes-out": mistakes_out}
    outputs |= {"--confusions-out": confusions_out, "--videos-out": videos_out}
    options.refuse_same_files(outputs)
    check_records([graph] if trained_on else [], trained_on)
    _check(graph, fingerprint, models)
    loaded = _open(graph)
    names = read_label_names(label_names, loaded.schema.classes) if label_names else None
    split = read_manifest(records)
    counts = _new_counts(loaded.schema.classes) if scores_out else None
    shown = names or default_names(loaded.schema.classes)
    observers = _new_observers(mistakes_out, confusions_out, shown)
    observed = [*observers.values()]
    origin = Origin(split.split, loaded.fingerprint, split.digest)
    with _new_videos(videos_out, min(top_k, loaded.schema.classes), origin) as kept:
        result = evaluate(
            loaded, Records(split), batch_size, top_k, skip_dummies, counts, observed, kept
        )
    say(f"{loaded.name}: {summary(result)}")  # before the files are written, which can fail
    write_class_table(classes_out, result.classes, names, origin)
    if scores_out:
        counts.write(scores_out, split.split, loaded.fingerprint, split.digest)
    for path, observer in observers.items():
        observer.write(path, split.split, loaded.fingerprint, split.digest)
    write_metrics(out, result, loaded.fingerprint, split.digest)


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
@options.fingerprinted
@options.models
@options.out_predictions
@options.computes
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
    if records:
        if out.suffix != ".parquet":
            raise click.UsageError(
                "with --records, OUT is .parquet; `yt8m submit` makes a CSV of it"
            )
        from yt8m.data.manifest import read_manifest
        from yt8m.outputs.split_predictions import predict

        _check(graph, fingerprint, models)
        predict(_open(graph), read_manifest(records), batch_size, top_k, skip_dummies, state, out)
        say(written(out))
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


def _new_counts(classes: int):
    """Imported only here, so that evaluations without thresholds do not depend on its code."""
    from yt8m.calibration.score_counts import ScoreCounts

    return ScoreCounts(classes)


def _new_observers(mistakes: Path | None, confusions: Path | None, names: list[str]) -> dict:
    """The same for evaluations without errors to look at: file -> who writes it."""
    if mistakes is None and confusions is None:
        return {}
    from yt8m.error_analysis.confusions import ConfusedClasses
    from yt8m.error_analysis.mistakes import MistakenVideos

    found = {mistakes: MistakenVideos, confusions: ConfusedClasses}
    return {path: observer(names) for path, observer in found.items() if path}


def _new_videos(path: Path | None, top_k: int, origin):
    """Where to keep what videos contribute, as a context; None if nowhere."""
    if path is None:
        return nullcontext()
    from yt8m.metrics.video_files import VideoWriter

    return VideoWriter(path, top_k, origin)


def _check(graph: Path, fingerprint: Path | None, models: Path | None) -> None:
    """Check an ensemble's folder if there is a fingerprint or a folder of models to check it by."""
    if fingerprint or models:
        from yt8m.serving.contents import check_origin

        check_origin(graph, fingerprint, models)


def _open(path: Path):
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
@options.computes
def distil(
    graph, records, shards, layout, keep, batch_size, state, fingerprint, models, out
) -> None:
    """Write GRAPH's predictions on source shards as distilled shards, into the folder OUT."""
    from yt8m.data.manifest import read_manifest
    from yt8m.outputs.distillation import Layout, distil
    from yt8m.serving.graph import load_graph

    first, _, last = shards.partition("-")
    try:
        numbers = range(int(first), int(last or first) + 1)
    except ValueError:
        raise click.BadParameter(
            f"{shards!r}; expected a number such as 17 or a range such as 10-19"
        ) from None
    if not numbers:
        raise click.BadParameter(
            f"{shards!r} ends before it begins; expected a range such as 10-19"
        )
    _check(graph, fingerprint, models)
    source = read_manifest(records)
    distil(load_graph(graph), source, numbers, Layout(layout, keep), batch_size, state, out)
    videos = sum(source.shards[number].records for number in numbers)
    say(f"{out}: {len(numbers)} shards, {videos:,} videos")
