"""The command that converts graphs for runtimes other than TensorFlow."""

from pathlib import Path

import click

from yt8m.cli import options
from yt8m.cli.output import say, written
from yt8m.runtime.devices import import_tensorflow
from yt8m.runtime.startup import without_startup_lines


@click.command()
@options.any_graph
@click.option(
    "--format",
    "form",
    required=True,
    is_eager=True,  # it decides how --out ends
    type=click.Choice(["onnx", "litert"]),
    help="onnx (onnxruntime; any batch) or litert (one padded video at a time).",
)
@click.option(
    "--input",
    "kind",
    type=click.Choice(["bytes", "floats", "raw"]),
    help="What `frames` holds: bytes as in records; dequantised floats; or, if GRAPH knows its "
    "projections, an extractor's values, one input per feature.  [default: what records hold]",
)
@click.option(
    "--weights",
    default="float32",
    show_default=True,
    type=click.Choice(["float32", "float16", "int8"]),
    help="Type of large weights. float16 and int8 are smaller, and predict a little differently.",
)
@click.option(
    "--records",
    type=options.FILE,
    help="Manifest of a split: compare predictions on its videos, instead of on random ones.",
)
@click.option(
    "--videos",
    default=1000,
    show_default=True,
    type=options.FROM_ONE,
    help="Most videos of --records to compare on, evenly spread.",
)
@options.label_names
@options.out_export
def export(
    graph: Path, form: str, kind: str, weights: str, records, videos: int, label_names, out: Path
) -> None:
    """Convert GRAPH for another runtime, and compare its predictions.

    GRAPH is a model's stage folder, an ensemble's folder or its archive (.tar.gz). The output is
    `predictions`; inputs are `frames` and `num_frames`, or with --input raw the features' names
    and `num_frames`. The labels' names are inside the file.

    With float32 weights, a difference of probabilities above 1e-5 is an error. With others it is
    printed; with labelled --records, GAP too.

    docs/how-to/deploy-onnx.md and deploy-litert.md have code that uses the files. In a checkout of
    yt8m, install the required packages with: pip install -e '.[export]'.
    """
    import_tensorflow()
    from yt8m.data.manifest import read_manifest
    from yt8m.data.records import Records
    from yt8m.serving.archive_reader import as_folder
    from yt8m.serving.exporting.export import Options, export

    chosen = Options(kind, weights, label_names)
    real = Records(read_manifest(records)) if records else None
    with as_folder(graph) as folder, without_startup_lines():  # of the other runtime
        found = export(folder, form, out, chosen, real, videos)
    say(written(out))
    say(f"  on {found.videos:,} {'videos' if records else 'random videos'}, {found}")
