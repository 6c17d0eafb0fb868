"""`yt8m`: the group that holds all commands, and how errors are shown."""

import faulthandler
import os
import sys

import click

from yt8m.cli.calibrate import calibrate
from yt8m.cli.compare import compare
from yt8m.cli.compress import compress
from yt8m.cli.confidence import confidence
from yt8m.cli.demo import demo
from yt8m.cli.describe import describe
from yt8m.cli.ensembles import (
    archive,
    choose,
    ensemble,
    fingerprint,
    import_ensemble,
    learn_weights,
    size,
)
from yt8m.cli.evaluation import evaluate
from yt8m.cli.exports import export
from yt8m.cli.frontier import frontier
from yt8m.cli.graphs import distil, predict, submit
from yt8m.cli.imports import import_tf1
from yt8m.cli.jobs import in_one_line
from yt8m.cli.label import label
from yt8m.cli.models import average, configure, ema, quantise, train
from yt8m.cli.records import records
from yt8m.cli.reference import settings
from yt8m.cli.reports import report
from yt8m.cli.status import status
from yt8m.cli.thumbnails import thumbnails
from yt8m.version import __version__


class Commands(click.Group):
    """Shows this project's own errors as one line, without a traceback."""

    def invoke(self, ctx: click.Context):
        """Run a command; for an expected error, print its message and exit with code 1."""
        with in_one_line(ctx.params.get("debug", False)):
            return super().invoke(ctx)


@click.group(cls=Commands, context_settings={"max_content_width": 100})
@click.option("--debug", is_flag=True, help="Show the full traceback of an error.")
@click.version_option(__version__)
def main(debug: bool) -> None:
    """Train, average, quantise, ensemble and distil video classifiers, step by step.

    Every command reads files and writes files. The workflow (`snakemake`) runs, in this order:

    \b
        records download-part                   for YouTube-8M: fetch shards that are not there yet
        records fit-projections, labels         for own features: fit how values become bytes
        records make -> records manifest        write shards; check them and list them in a manifest
        records left-out                        for own features: list the videos that are left out
        records find-duplicates                 find videos that splits share
        train -> ema -> quantise                train a model, average and quantise its weights
        choose                                  choose the members of an ensemble by a metric
        learn-weights                           learn the weights of an ensemble's members
        ensemble -> fingerprint -> distil       make a teacher, and its soft labels for students
        import-ensemble                         copy an ensemble of another run instead
        compress plan -> compress member        fit an ensemble's members into a byte budget
        compress points, compress table         measure models at all sizes, for `frontier`
        size, archive                           measure the final ensemble; pack it for delivery
        evaluate                                compute metrics on a labelled split
        calibrate                               choose a threshold for each class
        thumbnails                              for own videos: small pictures of the best and worst
        confidence                              resample videos, for confidence intervals
        predict -> submit                       write predictions; convert them to a CSV
        report                                  summarise the run as one HTML page

    Other commands:

    \b
        average                                 average several weights files of one model
        compress compare, compress sweep        compare quantisers; compare byte budgets
        configure                               write the config.json of a model
        demo                                    serve a page to try a graph on videos
        describe                                estimate a config's sizes, compute and memory
        export                                  convert a graph to ONNX or LiteRT
        frontier                                choose a model and its encodings for a budget
        label                                   label your own videos or feature files
        import-tf1                              convert a TensorFlow 1 checkpoint of 2018
        records plan, records download          ask what there is of YouTube-8M; download it
        records generate-videos                 generate mp4 files with labels: the second demo's
        records import                          make records of a table of features at once
        records inspect                         count and check the content of shards
        compare                                 compare runs, or the models of one
        settings                                list every setting of a config
        status                                  show running jobs, and ready or stale files
    """  # noqa: D301 - \b tells click to keep these lines as they are
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # errors; see also `startup`
    # Print the Python line at a fatal signal, such as SIGBUS when a mapped shard is truncated.
    faulthandler.enable(sys.__stderr__)


for command in (
    records,
    import_tf1,
    configure,
    train,
    ema,
    quantise,
    choose,
    learn_weights,
    compress,
    ensemble,
    import_ensemble,
    fingerprint,
    size,
    archive,
    export,
    distil,
    evaluate,
    calibrate,
    thumbnails,
    predict,
    label,
    submit,
    confidence,
    report,
    compare,
    status,
    average,
    demo,
    describe,
    frontier,
    settings,
):
    main.add_command(command)
