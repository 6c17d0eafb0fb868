"""The command that serves a page to try a graph."""

import click

from yt8m.cli import options
from yt8m.cli.import_features import Pair
from yt8m.cli.output import say


@click.command()
@options.any_graph
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="Address to listen at; 0.0.0.0 lets everyone who reaches this machine use the page.",
)
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    help="Port to listen at.  [default: the first free one from 7860]",
)
@click.option("--browser/--no-browser", default=True, help="Open the page in a browser.")
@click.option(
    "--extractor-file",
    "extractor_files",
    type=Pair(),
    multiple=True,
    help="Where a file of the extractor lies here, as for `yt8m label`.",
)
@options.allow_code
@options.label_names
@options.predicts
def demo(graph, host, port, browser, extractor_files, allow_code, label_names) -> None:
    """Serve a page where a video is dropped to see the labels that GRAPH gives it, and when.

    GRAPH is an archive (.tar.gz) or an ensemble's folder that was made from videos. The page is
    only for this machine unless --host says otherwise; nothing is sent anywhere.

    Needs Gradio: pip install 'yt8m[demo]'.
    """
    from yt8m.labelling.demo_page import demo_page, serve
    from yt8m.labelling.labeller import open_labeller

    threads = click.get_current_context().params["threads"]
    labeller = open_labeller(graph, True, dict(extractor_files), label_names, threads, allow_code)
    serve(demo_page(labeller), host, port, browser, say)
