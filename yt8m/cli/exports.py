"""The command that converts graphs for runtimes other than TensorFlow."""

from pathlib import Path

import click

from yt8m.cli import options
from yt8m.cli.output import say
from yt8m.cli.startup import without_startup_lines


@click.command()
@options.any_graph
@click.option(
    "--format",
    "form",
    required=True,
    type=click.Choice(["onnx", "litert"]),
    help="onnx (onnxruntime; any batch) or litert (one padded video at a time).",
)
@options.out
def export(graph: Path, form: str, out: Path) -> None:
    """Convert GRAPH for another runtime, with float32 weights, and verify its predictions.

    GRAPH is a model's stage folder, an ensemble's folder or its archive (.tar.gz). Inputs are
    `frames` and `num_frames`, the output is `predictions`. In a checkout of yt8m, install the
    required packages with: pip install -e '.[export]'.
    """
    options.import_tensorflow()
    from yt8m.serving.archive_reader import as_folder
    from yt8m.serving.exporting.export import export

    with as_folder(graph) as folder, without_startup_lines():  # of the other runtime
        difference = export(folder, form, out)
    say(f"{out}: {out.stat().st_size:,} bytes, predicts the same within {difference:.1g}")
