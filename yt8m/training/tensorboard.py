"""TensorBoard events of a run."""

from collections.abc import Mapping
from pathlib import Path

import tensorflow as tf

from yt8m.refusals import refusals_named


class Events:
    """Writes rows of measurements as events into `folder`.

    Raises OutputError, naming the folder, where the system refuses.
    """

    def __init__(self, folder: Path):
        self._folder = folder
        with refusals_named(folder, folder):
            self._writer = tf.summary.create_file_writer(str(folder))

    def add(self, row: Mapping[str, float]) -> None:
        """One scalar a word of the row, at its `step`."""
        with (
            refusals_named(self._folder, self._folder),
            self._writer.as_default(step=int(row["step"])),
        ):
            for name, value in row.items():
                tf.summary.scalar(name, value)

    def close(self) -> None:
        """Write what is still in memory."""
        with refusals_named(self._folder, self._folder):
            self._writer.close()
