"""`yt8m`: the group that holds all commands, and how errors are shown."""

import faulthandler
import os
import sys

import click

from yt8m import __version__
from yt8m.cli.compress import compress
from yt8m.cli.describe import describe
from yt8m.cli.ensembles import (
    archive,
    ensemble,
    fingerprint,
    import_ensemble,
    learn_weights,
    size,
)
from yt8m.cli.exports import export
from yt8m.cli.graphs import distil, evaluate, predict, submit
from yt8m.cli.imports import import_tf1
from yt8m.cli.jobs import in_one_line
from yt8m.cli.models import average, configure, ema, quantise, train
from yt8m.cli.records import records
from yt8m.cli.reference import settings
from yt8m.cli.reports import report, status


class Commands(click.Group):
    """Shows this project's own errors as one line, without a traceback."""

    def invoke(self, ctx: click.Context):
        """Run a command; an expected error becomes its message and exit code 1."""
        with in_one_line(ctx.params.get("debug", False)):
            return super().invoke(ctx)


@click.group(cls=Commands, context_settings={"max_content_width": 100})
@click.option("--debug", is_flag=True, help="Show the whole traceback of an error.")
@click.version_option(__version__)
def main(debug: bool) -> None:
    """Train, average, quantise, ensemble and distil video classifiers, step by step.

    \b
    Every command reads and writes files, and the workflow (`snakemake`) calls them in order:
      records make | manifest                   shards, and the list of a split's shards
      records find-duplicates                   whether splits share videos
      configure -> train -> ema -> quantise     one model, from its settings to its codes
      learn-weights                             weights of an ensemble's members, learned
      ensemble -> fingerprint -> distil         the teacher and its labels for students
      import-ensemble                           an imported teacher in place of `ensemble`
      compress plan -> compress member          members stored so that they fit a byte budget
      size, archive                             the final ensemble under its byte budget
      evaluate, predict -> submit, report       what it is worth
    By hand:
      average                                   the mean of several weights of one model
      import-tf1                                a model of 2018 (TensorFlow 1) as one of ours
      export                                    a graph as ONNX or LiteRT
      describe                                  what a config's models will cost
      status                                    what of a run is ready, what is stale and why
    """  # noqa: D301 - \b is a character here: click keeps these lines as they are
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # errors; see also `startup`
    # Where the system ends it, as when a shard shrinks that is being read, say at which line.
    faulthandler.enable(sys.__stderr__)


for command in (
    records,
    import_tf1,
    configure,
    train,
    ema,
    quantise,
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
    predict,
    submit,
    report,
    status,
    average,
    describe,
    settings,
):
    main.add_command(command)
