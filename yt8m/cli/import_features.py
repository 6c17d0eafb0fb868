"""The command that makes records of a user's own features."""

from collections.abc import Sequence
from pathlib import Path

import click

from yt8m.cli import options
from yt8m.cli.output import say
from yt8m.json_files import parse_json
from yt8m.recipes import read_recipe


class Pair(click.ParamType):
    """NAME=VALUE; the command gets both."""

    name = "name=value"

    def convert(self, value, param, ctx):
        """Fails with a usage error if there is no `=`."""
        name, sign, rest = value.partition("=")
        if not (name and sign and rest):
            self.fail(f"{value!r}; expected NAME=VALUE", param, ctx)
        return name, rest


class Feature(click.ParamType):
    """NAME=SIZE, or NAME alone."""

    name = "name=size"

    def convert(self, value, param, ctx):
        """Fails with a usage error for a size that is not a whole number of 1 or more."""
        name, sign, size = value.partition("=")
        if not name or (sign and not (size.isdecimal() and int(size))):
            self.fail(f"{value!r}; expected a name and a size, such as rgb=1024", param, ctx)
        return name, int(size) if sign else None


@click.command("import")
@click.argument("table", type=options.FILE)
@click.option(
    "--features",
    type=Feature(),
    multiple=True,
    required=True,
    help="A feature and its values per frame in the records, such as rgb=512; without a number, as "
    "many as its arrays have. Repeat for each, in order.",
)
@click.option(
    "--column",
    "columns",
    type=Pair(),
    multiple=True,
    help="Feature and column of its files, or pattern of columns: 'rgb=rgb/{id}.npy'.",
)
@click.option(
    "--projection",
    "projections",
    type=Pair(),
    multiple=True,
    help='Feature and projection, a kind or JSON: rgb=pca_whiten, \'rgb={"kind": "scale"}\'.  '
    "[default: scale]",
)
@click.option(
    "--split",
    "splits",
    type=(str, float),
    multiple=True,
    help="A split and its share of the videos; repeat for each.  [default: train 0.8, validate "
    "0.1, test 0.1]",
)
@click.option("--group", help="Column whose equal values stay in one split.")
@click.option("--seed", default=0, type=options.FROM_ZERO, help="Seed of the splits.")
@click.option("--labels", type=options.FILE, help="CSV with the number of each label.")
@click.option("--train", default="train", show_default=True, help="Split to fit projections on.")
@click.option(
    "--max-frames",
    default=300,
    show_default=True,
    type=options.FROM_ONE,
    help="Frames beyond this number are cut off.",
)
@click.option(
    "--layout",
    default="frame",
    show_default=True,
    type=click.Choice(["frame", "video"]),
    help="Records of all frames, or of their mean.",
)
@click.option("--strict", is_flag=True, help="Refuse the first array that is not valid.")
@click.option(
    "--config-out",
    type=options.NEW_FILE,
    help="A config for the records, as YAML; replaces only an earlier one.",
)
@options.out_folder
def import_features(
    table,
    features,
    columns,
    projections,
    splits,
    train,
    max_frames,
    layout,
    config_out,
    out,
    **more,
) -> None:
    """Make records of your own features, listed in TABLE (CSV or Parquet).

    Fits projections on the training split, and writes shards of all splits, the fitted projections
    and the numbers of the labels. Videos without valid arrays are left out, and listed at the end.
    """
    from yt8m import own_records

    entry = {
        "kind": "features",
        "table": str(table),
        "columns": dict(columns),
        "projections": {name: _projection(text) for name, text in projections},
        **({"splits": dict(splits)} if splits else {}),
        **{word: str(v) if isinstance(v, Path) else v for word, v in more.items()},
    }
    chosen = read_recipe("yt8m.data.sources", entry, "features")
    if config_out:
        own_records.check_config_out(config_out)
    source, schema = own_records.schema_of(chosen, dict(features), max_frames, layout)
    found = own_records.import_features(source, schema, train, out)
    _warn(source.warnings(train))
    say(found.report())
    if config_out:
        own_records.write_config(own_records.config_of(found, source, train, out), config_out)
        say(f"next: snakemake --configfile {config_out} --cores all --resources gpu=1")


def _projection(text: str) -> dict:
    try:
        return parse_json(text) if text.startswith("{") else {"kind": text}
    except ValueError as error:
        raise click.BadParameter(f"{text!r} is not valid JSON: {error}") from None


def _warn(texts: Sequence[str]) -> None:
    for text in texts:
        say(f"yt8m: warning: {text}", err=True)
