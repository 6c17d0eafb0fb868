"""Options that several commands share."""

import functools
import gc
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

import click

from yt8m.cli.startup import without_startup_lines
from yt8m.cli.targets import NewFile, NewFolder
from yt8m.data.schema import Schema
from yt8m.json_files import parse_json


class Json(click.ParamType):
    """A text that is JSON, such as the workflow passes settings; the command gets its content."""

    name = "json"

    def convert(self, value, param, ctx):
        """Ends the command with a message where it is something else."""
        if not isinstance(value, str):
            return value
        try:
            return parse_json(value)
        except ValueError as error:
            self.fail(f"{value[:60]!r} is no JSON: {error}", param, ctx)


class SchemaJson(Json):
    """The same; the command gets the schema it describes."""

    def convert(self, value, param, ctx):
        """Ends the command with a message where it is something else."""
        content = super().convert(value, param, ctx)
        try:
            return Schema.from_json(content)
        except ValueError as error:
            known = json.dumps(Schema().as_json())
            problem = f"is no schema ({error}); one looks like {known}"
            self.fail(problem, param, ctx)


JSON = Json()
SCHEMA = SchemaJson()
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
    help = "What to write; appears when complete."
    return click.option("--out", required=True, type=type, help=help)


out = _out(NEW_FILE)
out_folder = _out(NEW_FOLDER)
out_csv = _out(NEW_CSV)
out_predictions = _out(NEW_PREDICTIONS)
records = click.option("--records", required=True, type=FILE, help="Manifest of a split's shards.")
state = click.option(
    "--state", required=True, type=NEW_FOLDER, help="Folder a killed run resumes from."
)
state_seconds = click.option(
    "--state-seconds",
    default=600,
    show_default=True,
    type=FROM_ZERO,
    help="Time between two saves of the state.",
)
members = click.option(
    "--member",
    "members",
    type=(float, FOLDER),
    multiple=True,
    required=True,
    help="Weight of a member and its stage folder; once for each. The weights sum to 1.",
)
decode = click.option(
    "--decode",
    default="at_load",
    show_default=True,
    type=click.Choice(["at_load", "per_call"]),
    help="When codes become floats: once (fast), or in each call (small in memory).",
)
batch_size = click.option(
    "--batch-size", default=256, show_default=True, type=FROM_ONE, help="Videos a step."
)
top_k = click.option(
    "--top-k",
    default=20,
    show_default=True,
    type=FROM_ONE,
    help="Predictions of a video that count.",
)
skip_dummies = click.option(
    "--skip-dummies", is_flag=True, help="Leave out videos whose mean rgb hardly varies."
)
_threads = click.option(
    "--threads",
    default=0,
    type=FROM_ZERO,
    help="CPU threads to compute with.  [default: all cores]",
)
_gpus = click.option(
    "--gpus",
    type=FROM_ZERO,
    help="GPUs to compute with, 0 for none.  [default: all that are visible]",
)
trained_on = click.option(
    "--trained-on",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Manifest; weights that learnt from others than these are refused.",
)
models = click.option(
    "--models", type=FOLDER, help="Folder of the models; weights made of others are refused."
)
plan = click.option(
    "--plan", type=FILE, help="Members that are compressed in another way than it says are refused."
)
fingerprinted = click.option(
    "--fingerprint", type=FILE, help="Of the ensemble; another one is refused."
)
taught_by = click.option(
    "--teacher", type=FILE, help="Its fingerprint.json; predictions of another one are refused."
)
graph = click.argument("graph", type=FOLDER)
any_graph = click.argument("graph", type=EXISTING)
label_names = click.option("--label-names", type=FILE, help="CSV with columns Index and Name.")


def read_training_data(records: Path, soft_labels: Path | None, teacher: Path | None):
    """The manifests of what a model learns from: of the records, and of a teacher's predictions.

    Raises ArtefactError where these are not of the teacher that its fingerprint.json says.
    """
    from yt8m.artefacts import read_fingerprint
    from yt8m.data.manifest import check_teacher, read_manifest

    found, soft = read_manifest(records), read_manifest(soft_labels) if soft_labels else None
    if teacher:
        check_teacher(soft or found, read_fingerprint(teacher)["teacher"], teacher)
    return found, soft


def computes(command: Callable) -> Callable:
    """Give a command `--threads` and `--gpus`, and obey them before it runs."""

    @_threads
    @_gpus
    @functools.wraps(command)
    def run(*args, threads: int, gpus: int | None, **kwargs):
        use_devices(threads, gpus)
        return command(*args, **kwargs)

    return run


def use_devices(threads: int, gpus: int | None) -> None:
    """Let TensorFlow use so many threads and GPUs; call before anything is computed."""
    tf = import_tensorflow()
    if threads:
        tf.config.threading.set_intra_op_parallelism_threads(threads)
        tf.config.threading.set_inter_op_parallelism_threads(min(threads, 2))
    found = tf.config.list_physical_devices("GPU")[:gpus]
    tf.config.set_visible_devices(found, "GPU")
    for device in found:
        tf.config.experimental.set_memory_growth(device, True)


ALLOCATOR = {"TF_CPU_ALLOCATOR_USE_BFC": "1", "TF_CPU_BFC_MEM_LIMIT_IN_MB": str(2**20)}
"""TensorFlow's allocator that keeps memory for the next arrays, as it does on a GPU. Otherwise each
large array is taken from the system, which fills it with zeros, and given back. No limit of its own
(a terabyte)."""


def import_tensorflow():
    """The module, set up as for all commands.

    Without a search for garbage meanwhile: there is none, and it takes a fifth.
    """
    first = "tensorflow" not in sys.modules
    if first:
        for name, value in ALLOCATOR.items():
            os.environ.setdefault(name, value)
        gc.disable()
        with without_startup_lines():
            import tensorflow

            tensorflow.config.list_physical_devices("GPU")
        gc.freeze()  # what is there by now stays
        gc.enable()
    return sys.modules["tensorflow"]
