"""A command that takes graphs to other runtimes than TensorFlow."""

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
    """Write GRAPH for another runtime, weights as float32, after comparing the predictions.

    GRAPH is a model's stage folder, an ensemble's folder or its archive (.tar.gz). Inputs are
    `frames` and `num_frames`, the output is `predictions`. The packages for it, in a checkout of
    yt8m: pip install -e '.[export]'.
    """
    options.import_tensorflow()
    from yt8m.serving.archive_reader import as_folder
    from yt8m.serving.exporting.export import export

    with as_folder(graph) as folder, without_startup_lines():  # those of the other runtime
        difference = export(folder, form, out)
    say(f"{out}: {out.stat().st_size:,} bytes, predicts the same within {difference:.1g}")
