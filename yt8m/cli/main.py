"""`yt8m`: the group that holds all commands, and how errors are shown."""

import faulthandler
import os
import sys
import tempfile

import click

from yt8m import __version__
from yt8m.cli.compress import compress
from yt8m.cli.describe import describe
from yt8m.cli.ensembles import adopt, archive, ensemble, fingerprint, size, weigh
from yt8m.cli.exports import export
from yt8m.cli.graphs import distil, evaluate, predict, submit
from yt8m.cli.imports import import_tf1
from yt8m.cli.logs import keep_log
from yt8m.cli.models import average, configure, ema, quantise, train
from yt8m.cli.output import say
from yt8m.cli.records import records
from yt8m.cli.reports import provenance, report, status
from yt8m.cli.settings import settings
from yt8m.errors import Yt8mError
from yt8m.parent import belongs_to_a_run, watch_run
from yt8m.refusals import NO_ROOM


class Commands(click.Group):
    """Shows this project's own errors as one line, without a traceback."""

    def invoke(self, ctx: click.Context):
        """Run a command; an expected error becomes its message and exit code 1.

        In a job of the workflow it ends with the run, and goes on with the log of earlier tries.
        """
        try:
            watch_run()
            kept = keep_log() if belongs_to_a_run() else None
            result = super().invoke(ctx)
        except (Yt8mError, OSError) as error:
            if ctx.params.get("debug"):
                raise
            say(f"yt8m: error: {_words(error)}", err=True)
            sys.exit(1)
        if kept:
            kept.unlink(missing_ok=True)
        return result


def _words(error: Yt8mError | OSError) -> str:
    """What the system says comes behind the file that it is about."""
    if not isinstance(error, OSError) or not error.strerror:
        return str(error)
    if error.filename is None and error.errno in NO_ROOM:  # outputs have names
        place = tempfile.gettempdir()
        return f"{error.strerror}: for temporary files (TMPDIR, {place}), or for what is printed"
    return f"{error.filename}: {error.strerror}" if error.filename else str(error)


@click.group(cls=Commands, context_settings={"max_content_width": 100})
@click.option("--debug", is_flag=True, help="Show the whole traceback of an error.")
@click.version_option(__version__)
def main(debug: bool) -> None:
    """Train, average, quantise, ensemble and distil video classifiers, step by step.

    \b
    Every command reads and writes files, and the workflow (`snakemake`) calls them in order:
      records generate | expand | manifest      shards, and the list of a split's shards
      records compare                           whether splits share videos
      configure -> train -> ema -> quantise     one model, from its settings to its codes
      weigh                                     weights of an ensemble's members, learnt
      ensemble -> fingerprint -> distil         the teacher and its labels for students
      adopt                                     a ready teacher in place of `ensemble`
      compress plan -> compress member          members stored so that they fit a byte budget
      size, archive                             the final ensemble under its byte budget
      evaluate, predict -> submit, report       what it is worth
      provenance                                what it was made with
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
    weigh,
    compress,
    ensemble,
    adopt,
    fingerprint,
    size,
    archive,
    export,
    distil,
    evaluate,
    predict,
    submit,
    provenance,
    report,
    status,
    average,
    describe,
    settings,
):
    main.add_command(command)
