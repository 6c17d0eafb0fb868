"""Commands that use a graph: a model's stage folder or an ensemble's folder."""

from pathlib import Path

import click

from yt8m.cli import options


@click.command()
@options.graph
@options.records
@options.batch_size
@options.top_k
@options.skip_dummies
@click.option("--label-names", type=options.FILE, help="CSV with columns Index and Name.")
@click.option("--classes-out", required=True, type=options.NEW, help="Table of classes (Parquet).")
@options.out
@options.computes
def evaluate(
    graph, records, batch_size, top_k, skip_dummies, label_names, classes_out, out
) -> None:
    """Score GRAPH on a split with labels: GAP, MAP, PERR, Hit@1 and loss."""
    from yt8m.data.label_names import read_label_names
    from yt8m.data.manifest import read_manifest
    from yt8m.data.records import Records
    from yt8m.metrics.files import write_class_table, write_metrics
    from yt8m.outputs.evaluation import evaluate
    from yt8m.serving.graph import load_graph

    loaded = load_graph(graph)
    names = read_label_names(label_names, loaded.schema.classes) if label_names else None
    result = evaluate(loaded, Records(read_manifest(records)), batch_size, top_k, skip_dummies)
    write_class_table(classes_out, result.classes, names)
    write_metrics(out, result)
    click.echo(
        f"{loaded.name}: GAP {result.gap:.4f}  MAP {result.map:.4f}  PERR {result.perr:.4f}  "
        f"Hit@1 {result.hit_at_one:.4f}  loss {result.loss:.4f}  ({result.videos:,} videos)"
    )


@click.command()
@options.graph
@options.records
@options.batch_size
@options.top_k
@options.skip_dummies
@options.state
@options.out
@options.computes
def predict(graph, records, batch_size, top_k, skip_dummies, state, out) -> None:
    """Write the best classes of every video, with their scores, as Parquet."""
    from yt8m.data.manifest import read_manifest
    from yt8m.outputs.prediction_parts import predict
    from yt8m.serving.graph import load_graph

    source = read_manifest(records)
    predict(load_graph(graph), source, batch_size, top_k, skip_dummies, state, out)


@click.command()
@click.argument("predictions", type=options.FILE)
@options.top_k
@options.out
def submit(predictions: Path, top_k: int, out: Path) -> None:
    """Turn PREDICTIONS (Parquet) into the challenge's CSV: VideoId,LabelConfidencePairs."""
    from yt8m.outputs.submission import write_submission

    write_submission(predictions, out, top_k)


@click.command()
@options.graph
@options.records
@click.option("--shards", required=True, help="Numbers of source shards: 17, or 10-19.")
@click.option(
    "--layout",
    default="soft_labels",
    show_default=True,
    type=click.Choice(["soft_labels", "full"]),
    help="Predictions alone, or records with the frames too.",
)
@click.option("--keep", default=900, show_default=True, help="Predictions kept of a video.")
@options.batch_size
@options.state
@options.out
@options.computes
def distil(graph, records, shards, layout, keep, batch_size, state, out) -> None:
    """Write GRAPH's predictions on source shards as distilled shards, into the folder OUT."""
    from yt8m.data.manifest import read_manifest
    from yt8m.outputs.distillation import Layout, distil
    from yt8m.serving.graph import load_graph

    first, _, last = shards.partition("-")
    try:
        numbers = range(int(first), int(last or first) + 1)
    except ValueError:
        raise click.BadParameter(f"{shards!r}; expected 17 or 10-19") from None
    source = read_manifest(records)
    distil(load_graph(graph), source, numbers, Layout(layout, keep), batch_size, state, out)
