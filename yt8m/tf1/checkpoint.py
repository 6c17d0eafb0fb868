"""A checkpoint of TensorFlow 1: finding it in a folder, and its variables."""

from pathlib import Path

import numpy as np
import tensorflow as tf

from yt8m.errors import ArtefactError
from yt8m.serving.plain_names import plain_name

EXPORT = "inference_model"
"""The original's name of a checkpoint for inference, which takes precedence."""

UNREADABLE = (tf.errors.OpError, IndexError, RuntimeError, ValueError)
"""Errors of TensorFlow for damaged or truncated files."""


class Checkpoint:
    """The variables of a checkpoint by name.

    path: the files' common prefix, such as "vlad/inference_model".
    shapes, dtypes: of every variable.
    """

    def __init__(self, path: Path):
        _refuse_missing_data(path)
        self.path = path
        try:
            # A temporary link of such a name, if there is one, is removed with the object.
            self._folder = plain_name(path.parent)
            self._reader = tf.train.load_checkpoint(str(self._folder.__enter__() / path.name))
            shapes = self._reader.get_variable_to_shape_map()
            dtypes = self._reader.get_variable_to_dtype_map()
        except UNREADABLE as error:
            raise _damaged(f"{path}.index", error) from None
        self.shapes = {name: tuple(shape) for name, shape in shapes.items()}
        self.dtypes = {name: np.dtype(dtype.as_numpy_dtype) for name, dtype in dtypes.items()}

    def read(self, name: str) -> np.ndarray:
        """The value of one variable. Raises ArtefactError if its bytes are damaged."""
        try:
            return np.asarray(self._reader.get_tensor(name))
        except UNREADABLE as error:
            raise _damaged(f"{self.path}: variable {name}", error) from None


def find_checkpoint(folder: Path, name: str | None = None) -> Path:
    """Path of the checkpoint `name` in a folder; without a name, of the only candidate.

    An export takes precedence over training checkpoints. Raises ArtefactError if there is none, or
    if there are several candidates.
    """
    found = sorted(p.name.removesuffix(".index") for p in folder.glob("*.index"))
    if not found:
        raise ArtefactError(
            f"{folder}: contains no checkpoint; expected two files such as {EXPORT}.index and "
            f"{EXPORT}.data-00000-of-00001"
        )
    if name is None and EXPORT in found:
        name = EXPORT
    if name is None and len(found) == 1:
        name = found[0]
    if name not in found:
        problem = f"no checkpoint {name!r}; it has" if name else "several checkpoints:"
        raise ArtefactError(
            f"{folder}: has {problem} {', '.join(found)}; choose one with --checkpoint"
        )
    return folder / name


def _refuse_missing_data(path: Path) -> None:
    start = f"{path.name}.data-"
    found = {p.name for p in path.parent.iterdir() if p.name.startswith(start)}
    total = next(iter(found), "00001")[-5:]
    for number in range(int(total) if total.isdigit() else 1):
        name = f"{start}{number:05}-of-{total}"
        if name not in found:
            raise ArtefactError(
                f"{path.parent / name}: no such file; it contains the values of the variables in "
                f"{path.name}.index; copy it too"
            )


def _damaged(what: str, error: Exception) -> ArtefactError:
    reason = str(error).splitlines()[0]
    return ArtefactError(f"{what}: cannot be read ({reason}); the file is damaged, copy it again")
