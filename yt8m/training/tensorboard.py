"""TensorBoard events of a phase."""

from collections.abc import Mapping
from pathlib import Path

import tensorflow as tf

from yt8m.write_errors import naming_write_errors


class Events:
    """Writes rows of measurements as events into `folder`.

    Raises OutputError, naming the folder, if the system refuses to write.
    """

    def __init__(self, folder: Path):
        self._folder = folder
        with naming_write_errors(folder, folder):
            self._writer = tf.summary.create_file_writer(str(folder))

    def add(self, row: Mapping[str, float]) -> None:
        """Add one scalar per column of the row, at its `step`."""
        with (
            naming_write_errors(self._folder, self._folder),
            self._writer.as_default(step=int(row["step"])),
        ):
            for name, value in row.items():
                tf.summary.scalar(name, value)

    def close(self) -> None:
        """Write buffered events."""
        with naming_write_errors(self._folder, self._folder):
            self._writer.close()
