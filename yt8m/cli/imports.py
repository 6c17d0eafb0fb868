"""A command that brings in models of the original program."""

from pathlib import Path

import click

from yt8m.cli import options
from yt8m.cli.output import say


@click.command("import-tf1")
@click.argument("folder", type=options.FOLDER)
@click.option("--checkpoint", help="Its name, such as model.ckpt-31, where FOLDER holds several.")
@click.option(
    "--weights",
    type=click.Choice(["raw", "ema"]),
    help="The last weights or their averages, where a training checkpoint holds both.",
)
@click.option(
    "--member-weights",
    help="Of an ensemble without a .meta file, as 0.5,0.3,0.2 in the order of its members.",
)
@click.option(
    "--feature",
    "features",
    type=(str, int),
    multiple=True,
    help="Name and size of a feature of the records; once for each, in order.  "
    "[default: of model_flags.json, or rgb 1024 and audio 128]",
)
@click.option(
    "--layout",
    type=click.Choice(["frame", "video"]),
    help="Of the records.  [default: of model_flags.json, or what such models read]",
)
@click.option(
    "--gating-remove-diagonal",
    is_flag=True,
    help="No value takes part in its own gate (gating_remove_diag).  "
    "[default: as .meta tells, or off]",
)
@click.option(
    "--pooling",
    type=click.Choice(["max", "average"]),
    help="Of a DbofModel (dbof_pooling_method).  [default: as .meta tells, or max]",
)
@click.option(
    "--coupling-factor",
    type=float,
    help="Of a NetFV with coupled weights (fv_coupling_factor).  "
    "[default: as .meta tells, or 0.01]",
)
@click.option(
    "--l2",
    type=float,
    help="Penalty on the classifier (moe_l2), which matters to further training only.  "
    "[default: as .meta tells, or the classifier's]",
)
@options.out_folder
def import_tf1(
    folder: Path, checkpoint, weights, member_weights, features, layout, out, **unset_flags
):
    """Turn a checkpoint of the original program (TensorFlow 1, 2018) into a model's folder.

    FOLDER holds inference_model.index and .data, or model.ckpt-N. An ensemble becomes an
    ensemble's folder, with a model's folder for each member in it. Frames are masked here, so the
    original's frame sampling (iterations, sample_all) has no counterpart at inference.
    """
    options.import_tensorflow()
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
