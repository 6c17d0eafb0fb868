"""Options that several commands share."""

import functools
import json
from collections.abc import Callable, Mapping
from pathlib import Path

import click
from pydantic_core import PydanticCustomError

from yt8m.cli.numbers import Number, NumberRange, Numbers, PartNumber
from yt8m.cli.targets import NewArchive, NewExport, NewFile, NewFolder
from yt8m.data.schema import Schema
from yt8m.json_files import parse_json
from yt8m.runtime.devices import choose_devices, use_devices


class Json(click.ParamType):
    """A JSON text, as the workflow passes settings; the command gets the decoded value."""

    name = "json"

    def convert(self, value, param, ctx):
        """Fails with a usage error if the text is not valid JSON."""
        if not isinstance(value, str):
            return value
        try:
            return parse_json(value)
        except ValueError as error:
            self.fail(f"{value[:60]!r} is not valid JSON: {error}", param, ctx)


class SchemaJson(Json):
    """A schema as JSON; the command gets the `Schema`."""

    def convert(self, value, param, ctx):
        """Fails with a usage error if the text is not a valid schema."""
        content = super().convert(value, param, ctx)
        try:
            return Schema.from_json(content)
        except ValueError as error:
            known = json.dumps(Schema().as_json())
            problem = f"is not a valid schema ({error}); a valid one is {known}"
            self.fail(problem, param, ctx)


class Bytes(click.ParamType):
    """A number of bytes as in a config, such as 5_000_000 or 5MB; the command gets an int."""

    name = "bytes"

    def convert(self, value, param, ctx):
        """Fails with a usage error for other texts, and for 0."""
        from yt8m.config.sizes import read_size

        try:
            found = read_size(value)
        except PydanticCustomError as error:
            self.fail(error.message(), param, ctx)
        return found if found else self.fail(f"{value!r} must be more than 0", param, ctx)


JSON = Json()
SIZE = Bytes()
SCHEMA = SchemaJson()
NUMBERS = Numbers()
PART = PartNumber()
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
EXISTING = click.Path(exists=True, path_type=Path)
FROM_ZERO = click.IntRange(min=0)
FROM_ONE = click.IntRange(min=1)
NEW_FILE = NewFile()
NEW_FOLDER = NewFolder()
NEW_TABLE = NewFile(".parquet")
NEW_CSV = NewFile(".csv")
NEW_PREDICTIONS = NewFile(".parquet", ".csv")


def _out(type: click.ParamType) -> Callable:
    help = "Path to write to; written atomically."
    return click.option("--out", required=True, type=type, help=help)


out = _out(NEW_FILE)
out_folder = _out(NEW_FOLDER)
out_archive = _out(NewArchive())
out_export = _out(NewExport({"onnx": ".onnx", "litert": ".tflite"}))
out_csv = _out(NEW_CSV)
out_predictions = _out(NEW_PREDICTIONS)
records = click.option("--records", required=True, type=FILE, help="Manifest of a split's shards.")
state = click.option(
    "--state",
    required=True,
    type=NEW_FOLDER,
    help="Folder for saved state, from which an interrupted command resumes.",
)
state_seconds = click.option(
    "--state-seconds",
    default=600,
    show_default=True,
    type=FROM_ZERO,
    help="Seconds between two saves of the state.",
)
members = click.option(
    "--member",
    "members",
    type=(Number(), FOLDER),
    multiple=True,
    required=True,
    help="A member's weight and stage folder; repeat for each member. Weights must sum to 1.",
)
decode = click.option(
    "--decode",
    default="at_load",
    show_default=True,
    type=click.Choice(["at_load", "per_call"]),
    help="When to decode quantised variables: once at load (fast) or in every call (saves memory).",
)
batch_size = click.option(
    "--batch-size", default=256, show_default=True, type=FROM_ONE, help="Videos per step."
)
part = click.option(
    "--part",
    required=True,
    type=PART,
    metavar="N/PARTS",
    help="Which part of the split this is, from 0, and how many there are, such as 3/20.",
)
top_k = click.option(
    "--top-k",
    default=20,
    show_default=True,
    type=FROM_ONE,
    help="Predictions per video to keep and to count in GAP.",
)
skip_dummies = click.option(
    "--skip-dummies", is_flag=True, help="Skip dummy videos, whose mean rgb hardly varies."
)
features = click.option(
    "--features",
    type=click.Choice(["auto", "raw", "records"]),
    help="What arrays hold: an extractor's values (raw), or those of records, as bytes or "
    "dequantised. With auto, floats are raw if GRAPH has projections; whole numbers are bytes.  "
    "[default: auto]",
)
_threads = click.option(
    "--threads",
    default=0,
    type=FROM_ZERO,
    help="Number of CPU threads.  [default: all cores]",
)
_gpus = click.option(
    "--gpus",
    type=FROM_ZERO,
    help="Number of GPUs; 0 for none.  [default: all visible ones]",
)
trained_on = click.option(
    "--trained-on",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Manifest the weights must have been trained on; repeat for each. Others are refused.",
)
models = click.option(
    "--models",
    type=FOLDER,
    help="Folder of the models; refuse members that were made from other weights.",
)
plan = click.option(
    "--plan", type=FILE, help="Compression plan; refuse members that are not encoded by it."
)
fingerprinted = click.option(
    "--fingerprint", type=FILE, help="fingerprint.json of the expected ensemble; refuse any other."
)
taught_by = click.option(
    "--teacher", type=FILE, help="fingerprint.json of the teacher; refuse soft labels of any other."
)
graph = click.argument("graph", type=FOLDER)
any_graph = click.argument("graph", type=EXISTING)
label_names = click.option(
    "--label-names", type=FILE, help="Names of the classes: a CSV with columns Index and Name."
)

projections = click.option(
    "--projections",
    type=FILE,
    help="Projections that the records were made with, if they come from arrays or videos.",
)
extraction = click.option(
    "--extraction", type=FILE, help="extraction.json of the records, if they come from videos."
)


def refuse_same_files(outputs: Mapping[str, Path | None]) -> None:
    """Raises UsageError if two options name the same file. outputs: option -> path, if given."""
    options: dict[Path, str] = {}
    for option, path in outputs.items():
        if path is not None and (other := options.setdefault(path.absolute(), option)) != option:
            raise click.UsageError(f"{other} and {option} name the same file")


def read_training_data(records: Path, soft_labels: Path | None, teacher: Path | None):
    """The manifests of a model's training records and of its teacher's soft labels, if any.

    Raises ArtefactError if the soft labels are not from the teacher with this fingerprint.json.
    """
    from yt8m.artefacts import read_fingerprint
    from yt8m.data.manifest import check_teacher, read_manifest

    found, soft = read_manifest(records), read_manifest(soft_labels) if soft_labels else None
    if teacher:
        check_teacher(soft or found, read_fingerprint(teacher)["teacher"], teacher)
    return found, soft


allow_code = click.option(
    "--allow-code",
    is_flag=True,
    help="Import an extractor of GRAPH that is a module outside of yt8m; its code then runs.",
)


def computes(command: Callable) -> Callable:
    """Give a command the options `--threads` and `--gpus`, and start TensorFlow before it runs."""
    return _with_devices(command, use_devices)


def predicts(command: Callable) -> Callable:
    """The same for a command that loads a graph, which starts TensorFlow if it is needed."""
    return _with_devices(command, choose_devices)


def _with_devices(command: Callable, take: Callable[[int, int | None], None]) -> Callable:
    @_threads
    @_gpus
    @functools.wraps(command)
    def run(*args, threads: int, gpus: int | None, **kwargs):
        take(threads, gpus)
        return command(*args, **kwargs)

    return run


def computes_later(command: Callable) -> Callable:
    """The same options for a command that may have nothing to compute: it gets `start`."""

    @_threads
    @_gpus
    @functools.wraps(command)
    def run(*args, threads: int, gpus: int | None, **kwargs):
        return command(*args, start=functools.partial(use_devices, threads, gpus), **kwargs)

    return run


def with_options(*found: Callable) -> Callable:
    """Give a command several options; its help shows them in this order."""
    return lambda command: functools.reduce(
        lambda inner, option: option(inner), reversed(found), command
    )


resampling = with_options(
    click.option(
        "--resamples",
        default=1000,
        show_default=True,
        type=click.IntRange(min=2),
        help="Times that the videos are drawn again.",
    ),
    click.option("--seed", default=0, show_default=True, type=FROM_ZERO, help="Of the draws."),
    click.option(
        "--level",
        default=0.95,
        show_default=True,
        type=NumberRange(0, 1, min_open=True, max_open=True),
        help="Share of intervals that hold the truth.",
    ),
)
"""How videos are resampled for confidence intervals."""
