"""The command that converts models of the 2018 program."""

from pathlib import Path

import click

from yt8m.cli import options
from yt8m.cli.numbers import Number
from yt8m.cli.output import say
from yt8m.runtime.devices import import_tensorflow


@click.command("import-tf1")
@click.argument("folder", type=options.FOLDER)
@click.option(
    "--checkpoint", help="Name of the checkpoint, such as model.ckpt-31, if FOLDER holds several."
)
@click.option(
    "--weights",
    type=click.Choice(["raw", "ema"]),
    help="Import the last weights or their averages, if a training checkpoint holds both.",
)
@click.option(
    "--member-weights",
    help="Members' weights, in their order, of an ensemble without a .meta file: 0.5,0.3,0.2.",
)
@click.option(
    "--feature",
    "features",
    type=(str, int),
    multiple=True,
    help="Name and size of a feature of the records; repeat for each, in order.  "
    "[default: from model_flags.json, or rgb 1024 and audio 128]",
)
@click.option(
    "--layout",
    type=click.Choice(["frame", "video"]),
    help="Layout of the records.  [default: from model_flags.json, or what such models read]",
)
@click.option(
    "--gating-remove-diagonal",
    is_flag=True,
    help="Exclude each value from its own gate (gating_remove_diag).  "
    "[default: from .meta, or off]",
)
@click.option(
    "--pooling",
    type=click.Choice(["max", "average"]),
    help="Pooling of a DbofModel (dbof_pooling_method).  [default: from .meta, or max]",
)
@click.option(
    "--coupling-factor",
    type=Number(),
    help="Coupling factor of a NetFV with coupled weights (fv_coupling_factor).  "
    "[default: from .meta, or 0.01]",
)
@click.option(
    "--l2",
    type=Number(),
    help="L2 penalty of the classifier (moe_l2); only affects further training.  "
    "[default: from .meta, or the classifier's]",
)
@options.out_folder
def import_tf1(
    folder: Path, checkpoint, weights, member_weights, features, layout, out, **unset_flags
):
    """Convert a checkpoint of the 2018 program (TensorFlow 1) to a model's folder.

    FOLDER holds inference_model.index and .data, or model.ckpt-N. An ensemble is written as an
    ensemble's folder that contains a model's folder for each member. Frames are masked here, so the
    original's frame sampling (iterations, sample_all) has no counterpart at inference.
    """
    import_tensorflow()
    from yt8m.tf1.importing import Choices, import_checkpoint

    choices = Choices(
        checkpoint,
        weights,
        dict(features),
        layout,
        {word: value for word, value in unset_flags.items() if value not in (None, False)},
        _numbers(member_weights),
    )
    for line in import_checkpoint(folder, out, choices):
        say(line)


def _numbers(text: str | None) -> tuple[float, ...]:
    try:
        return tuple(float(number) for number in text.split(",")) if text else ()
    except ValueError:
        raise click.BadParameter(f"{text!r}; expected numbers such as 0.5,0.3,0.2") from None
