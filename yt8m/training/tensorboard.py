"""TensorBoard events of a phase."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import tensorflow as tf
from tensorboard.plugins.hparams.api import hparams_pb

from yt8m.training.measurements import VALIDATION
from yt8m.write_errors import naming_write_errors


class Events:
    """Writes rows of measurements as events into `folder`, one session of the tab HPARAMS.

    session: its name there. settings: nested; shown there by their dotted paths.
    Raises OutputError, naming the folder, if the system refuses to write.
    """

    def __init__(self, folder: Path, session: str, settings: Mapping[str, Any]):
        self._folder = folder
        with naming_write_errors(folder, folder):
            self._writer = tf.summary.create_file_writer(str(folder))
            start = hparams_pb({"phase": session.split()[0], **flat(settings)}, trial_id=session)
            with self._writer.as_default(step=0):
                tf.summary.experimental.write_raw_pb(start.SerializeToString())

    def add(self, row: Mapping[str, float]) -> None:
        """Add one scalar per column of the row, at its `step`."""
        self._add({_tag(name): value for name, value in row.items()}, row["step"])

    def add_kept(self, row: Mapping[str, float]) -> None:
        """Add the validation of the weights that a phase results in, measured in this row."""
        measures = {name: value for name, value in row.items() if name in VALIDATION}
        self._add({f"kept/{name}": value for name, value in measures.items()}, row["step"])

    def _add(self, scalars: Mapping[str, float], step: float) -> None:
        with (
            naming_write_errors(self._folder, self._folder),
            self._writer.as_default(step=int(step)),
        ):
            for name, value in scalars.items():
                tf.summary.scalar(name, value)

    def close(self) -> None:
        """Write buffered events."""
        with naming_write_errors(self._folder, self._folder):
            self._writer.close()


def flat(settings: Mapping[str, Any]) -> dict[str, bool | float | str]:
    """Nested settings by dotted paths; lists as text, and without those that are null."""
    return dict(_flat(settings, ""))


def _flat(settings: Mapping[str, Any], above: str) -> Iterator[tuple[str, bool | float | str]]:
    for word, value in settings.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{above}{word}.")
        elif value is not None:
            yield f"{above}{word}", value if isinstance(value, bool | float | int) else str(value)


def _tag(column: str) -> str:
    """A column's tag: columns of validation are in a group of their own."""
    return column.replace("validation_", "validation/") if column in VALIDATION else column
