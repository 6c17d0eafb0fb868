"""`yt8m`: the group that holds all commands, and how errors are shown."""

import faulthandler
import os
import sys
from importlib import import_module

import click

from yt8m.cli.jobs import in_one_line
from yt8m.version import __version__

MODULES = {
    "calibrate": ("calibrate",),
    "compare": ("compare",),
    "compress": ("compress",),
    "confidence": ("confidence",),
    "demo": ("demo",),
    "describe": ("describe",),
    "ensembles": (
        *("archive", "choose", "ensemble", "fingerprint", "import-ensemble"),
        *("learn-weights", "size"),
    ),
    "evaluation": ("evaluate",),
    "exports": ("export",),
    "frontier": ("frontier",),
    "graphs": ("distil", "predict", "submit"),
    "imports": ("import-tf1",),
    "label": ("label",),
    "models": ("average", "configure", "ema", "quantise", "train"),
    "parts": ("evaluate-part", "merge-evaluation", "merge-predictions"),
    "records": ("records",),
    "reference": ("settings",),
    "reports": ("report",),
    "status": ("status",),
    "thumbnails": ("thumbnails",),
}
"""The commands by the module that holds them, which is imported when one of them is used."""

PLACES = {name: module for module, names in MODULES.items() for name in names}


class Commands(click.Group):
    """The commands of `MODULES`; shows this project's own errors as one line, no traceback."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands."""
        return sorted(PLACES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """A command by its name; None if there is none."""
        if cmd_name not in PLACES:
            return None
        module = import_module(f"yt8m.cli.{PLACES[cmd_name]}")
        return getattr(module, cmd_name.replace("-", "_"))

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
        records download-part                   fetch shards that are elsewhere, if not there yet
        records fit-projections, labels         for own features: fit how values become bytes
        records make -> records manifest        write shards; check them and list them in a manifest
        records survey -> records manifest      the same in parts, for many shards
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
        evaluate-part -> merge-evaluation       the same in parts, for a split with many shards
        calibrate                               choose a threshold for each class
        thumbnails                              for own videos: small pictures of the best and worst
        confidence                              resample videos, for confidence intervals
        predict -> submit                       write predictions; convert them to a CSV
        predict --part -> merge-predictions     predict a split with many shards in parts
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
        records plan, records download          ask a server or a bucket what there is; fetch it
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
