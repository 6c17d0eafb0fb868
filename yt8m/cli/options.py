"""Options that several commands share."""

from pathlib import Path

import click

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
EXISTING = click.Path(exists=True, path_type=Path)
NEW = click.Path(path_type=Path)

out = click.option("--out", required=True, type=NEW, help="What to write; appears when complete.")
records = click.option("--records", required=True, type=FILE, help="Manifest of a split's shards.")
state = click.option("--state", required=True, type=NEW, help="Folder a killed run resumes from.")
batch_size = click.option("--batch-size", default=256, show_default=True, help="Videos a step.")
top_k = click.option(
    "--top-k", default=20, show_default=True, help="Predictions of a video that count."
)
skip_dummies = click.option(
    "--skip-dummies", is_flag=True, help="Leave out videos whose mean rgb hardly varies."
)
threads = click.option(
    "--threads", default=0, help="CPU threads to compute with.  [default: all cores]"
)
graph = click.argument("graph", type=FOLDER)


def use_threads(threads: int) -> None:
    """Let TensorFlow use so many threads; call before anything is computed."""
    if threads:
        import tensorflow as tf

        tf.config.threading.set_intra_op_parallelism_threads(threads)
        tf.config.threading.set_inter_op_parallelism_threads(min(threads, 2))
