"""The command that labels videos and feature files."""

from contextlib import nullcontext

import click

from yt8m.cli import options
from yt8m.cli.import_features import Pair
from yt8m.cli.numbers import NumberRange
from yt8m.cli.output import say
from yt8m.labelling import SUFFIXES
from yt8m.runtime.startup import without_startup_lines
from yt8m.runtime.unused import import_pyarrow

NEW_LABELS = options.NewFile(*SUFFIXES)


@click.command()
@options.any_graph
@click.argument("inputs", nargs=-1, required=True)
@click.option(
    "--out", type=NEW_LABELS, help="Write the labels too: .jsonl, .csv or .parquet, by the ending."
)
@click.option(
    "--threshold",
    type=NumberRange(0, 1),
    help="Give the labels with at least this probability.",
)
@click.option(
    "--decide",
    is_flag=True,
    help="Give the labels that reach their own threshold, as calibrated in the archive.",
)
@click.option(
    "--top-k",
    type=options.FROM_ONE,
    help="Give at most so many labels.  [default: 5, or all that reach a threshold]",
)
@click.option(
    "--every",
    type=options.FROM_ONE,
    help="Label windows too, which begin every so many seconds.",
)
@click.option(
    "--window",
    type=options.FROM_ONE,
    help="Length of a window in seconds.  [default: as --every]",
)
@click.option(
    "--timeline",
    type=options.NewFile(".html"),
    help="With --every: a page of the frames and the labels over time.",
)
@click.option(
    "--seconds",
    type=options.FROM_ONE,
    help="Read at most so many seconds of a video.  [default: as in training; with --every 3600]",
)
@options.features
@click.option(
    "--extractor-file",
    "extractor_files",
    type=Pair(),
    multiple=True,
    help="Where a file of the extractor lies here, if not where it lay in training: "
    "images=/path or sound=/path; of several files images.graph=/path.",
)
@options.allow_code
@options.label_names
@click.option("--strict", is_flag=True, help="Fail if any input cannot be labelled.")
@options.predicts
def label(
    graph,
    inputs,
    out,
    threshold,
    decide,
    top_k,
    every,
    window,
    timeline,
    seconds,
    features,
    extractor_files,
    allow_code,
    label_names,
    strict,
) -> None:
    """Show which labels GRAPH gives to videos or feature files, and with what probability.

    GRAPH is an archive (.tar.gz) or an ensemble's folder. INPUTS are videos, arrays of features
    (.npy, .npz, .h5, .pb), patterns, or folders of them, at any depth; or a table (.csv) whose
    columns name the files: `path`, or one per feature. A pattern with {feature}, or a folder with a
    subfolder per feature, names a file per feature, which a video may lack. A name without its
    ending becomes the id.

    Videos go through the extractor and the projections of training, so GRAPH must come from videos;
    a graph from feature files takes files of the same features.

    \b
        yt8m label final.tar.gz clip.mp4 folder/ --threshold 0.3 --out labels.csv
        yt8m label final.tar.gz clip.mp4 --every 5 --window 10 --timeline page.html
    """  # noqa: D301 - \b tells click to keep these lines as they are
    if decide and threshold is not None:
        raise click.UsageError("give --decide or --threshold")
    if not every and (window or timeline):
        raise click.UsageError("--window and --timeline need --every")
    from yt8m.labelling.choice import Choice
    from yt8m.labelling.files import writing
    from yt8m.labelling.inputs import find_inputs
    from yt8m.labelling.labeller import open_labeller
    from yt8m.labelling.runs import How, label_all, refuse_failures, thresholds_of
    from yt8m.labelling.tables import describe, describe_problems
    from yt8m.labelling.timeline import timeline_section, write_timeline
    from yt8m.labelling.windows import Windows

    if out:
        import_pyarrow()
    found = find_inputs(inputs)
    labeller = open_labeller(
        graph,
        any(each.is_video for each in found),
        dict(extractor_files),
        label_names,
        click.get_current_context().params["threads"],
        allow_code,
    )
    if labeller.extraction:
        with without_startup_lines():  # of LiteRT
            labeller.extractors  # noqa: B018 - loads them before anything is labelled
    found = find_inputs(inputs, tuple(labeller.graph.schema.features))
    choice = Choice(thresholds_of(labeller) if decide else threshold, top_k)
    windows = Windows(every, window or every) if every else None
    sections = []
    with writing(out, choice, labeller.names) if out else nullcontext() as write:

        def show(video) -> None:
            say(describe(video, choice, labeller.names))
            if write:
                write(video)
            if timeline:
                sections.append(timeline_section(video, choice, labeller.names))

        how = How(windows, every if timeline else None, seconds, features or "auto")
        problems = label_all(labeller, found, how, show)
        if problems:
            say(describe_problems(problems), err=True, nl=False)
        refuse_failures(len(problems), len(found), strict)
    if timeline:
        write_timeline(sections, labeller.graph.name, windows, timeline)
