"""A checkpoint of TensorFlow 1: which one a folder holds, and its variables."""

from pathlib import Path

import numpy as np
import tensorflow as tf

from yt8m.errors import ArtefactError
from yt8m.serving.plain_names import plain_name

EXPORT = "inference_model"
"""What the original calls a checkpoint made for inference; it goes before training ones."""

UNREADABLE = (tf.errors.OpError, IndexError, RuntimeError, ValueError)
"""What TensorFlow raises for files that are damaged or cut short."""


class Checkpoint:
    """The variables of a checkpoint by name.

    path: the files' common part, such as "vlad/inference_model".
    shapes, dtypes: of every variable.
    """

    def __init__(self, path: Path):
        _refuse_missing_data(path)
        self.path = path
        try:
            # The link of such a name, if there is one, goes with the object.
            self._folder = plain_name(path.parent)
            self._reader = tf.train.load_checkpoint(str(self._folder.__enter__() / path.name))
            shapes = self._reader.get_variable_to_shape_map()
            dtypes = self._reader.get_variable_to_dtype_map()
        except UNREADABLE as error:
            raise _damaged(f"{path}.index", error) from None
        self.shapes = {name: tuple(shape) for name, shape in shapes.items()}
        self.dtypes = {name: np.dtype(dtype.as_numpy_dtype) for name, dtype in dtypes.items()}

    def read(self, name: str) -> np.ndarray:
        """The value of one variable. Raises ArtefactError when its bytes are damaged."""
        try:
            return np.asarray(self._reader.get_tensor(name))
        except UNREADABLE as error:
            raise _damaged(f"{self.path}: variable {name}", error) from None


def find_checkpoint(folder: Path, name: str | None = None) -> Path:
    """Path of the checkpoint `name` in a folder; without a name, of the one that is meant.

    An export goes before training checkpoints. Raises ArtefactError when there is none, or when
    several are left to choose from.
    """
    found = sorted(p.name.removesuffix(".index") for p in folder.glob("*.index"))
    if not found:
        raise ArtefactError(
            f"{folder}: holds no checkpoint; expected two files such as {EXPORT}.index and "
            f"{EXPORT}.data-00000-of-00001"
        )
    if name is None and EXPORT in found:
        name = EXPORT
    if name is None and len(found) == 1:
        name = found[0]
    if name not in found:
        problem = f"no checkpoint {name!r}; it has" if name else "several checkpoints:"
        raise ArtefactError(
            f"{folder}: holds {problem} {', '.join(found)}; choose one with --checkpoint"
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
                f"{path.parent / name}: no such file; the variables' values lie in it, beside "
                f"{path.name}.index"
            )


def _damaged(what: str, error: Exception) -> ArtefactError:
    reason = str(error).splitlines()[0]
    return ArtefactError(f"{what}: cannot be read ({reason}); the file is damaged, copy it again")
