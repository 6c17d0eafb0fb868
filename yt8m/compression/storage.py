"""An encoded variable: made by a quantiser, decoded by the storage that it names."""

import importlib
import math
import pkgutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType

import numpy as np

from yt8m.compression import storages
from yt8m.errors import ArtefactError


@dataclass(frozen=True)
class Encoded:
    """One variable, encoded.

    storage: module of `yt8m.compression.storages` that decodes it, such as "codebook".
    shape: of the variable, which is float32.
    arrays: the stored arrays, by the storage's names for its parts.
    """

    storage: str
    shape: tuple[int, ...]
    arrays: Mapping[str, np.ndarray]

    @property
    def size_bytes(self) -> int:
        """Total bytes of the arrays."""
        return sum(array.nbytes for array in self.arrays.values())

    @property
    def about(self) -> str:
        """Description of the storage, such as "codebook, 8 bits"."""
        return storage_module(self.storage).about(self.arrays)


def decode(encoded: Encoded) -> np.ndarray:
    """The variable's values after encoding: float32, of the original shape."""
    return storage_module(encoded.storage).decode(encoded.arrays, encoded.shape)


def storage_module(word: str) -> ModuleType:
    """The module of `storages/` with this name: see the package.

    Raises ArtefactError for a storage that this version does not have.
    """
    if word not in {module.name for module in pkgutil.iter_modules(storages.__path__)}:
        raise ArtefactError(
            f"weights are stored as {word!r}, which this version of yt8m does not know; "
            "use the version that wrote them"
        )
    return importlib.import_module(f"yt8m.compression.storages.{word}")


def expect_array(array: np.ndarray, dtype: type, shape: Sequence[int]) -> None:
    """Raise ValueError unless an array has this dtype, and as many elements as the variable.

    shape: of the variable.
    """
    if array.dtype != dtype or array.size != math.prod(shape):
        raise ValueError(
            f"is stored as {array.dtype} {list(array.shape)}; "
            f"expected {np.dtype(dtype)} for a variable of shape {list(shape)}"
        )


def refuse_not_finite(name: str, values: np.ndarray) -> None:
    """Raise ArtefactError naming the first element of a variable that is NaN or infinite."""
    if np.issubdtype(values.dtype, np.floating) and not np.isfinite(values).all():
        element = [int(i) for i in np.argwhere(~np.isfinite(values))[0]]
        raise ArtefactError(
            f"variable {name}: element {element} is {values[tuple(element)]}; "
            "its training has diverged, or its file is damaged"
        )


def refuse_overflow(values: np.ndarray, rounded: np.ndarray, limit: str) -> None:
    """Raise OverflowError naming the first element that rounding made infinite.

    values: float32, any shape. rounded: floats of that shape. limit: the bound that it exceeds.
    """
    if not np.isfinite(rounded).all():
        element = [int(i) for i in np.argwhere(~np.isfinite(rounded))[0]]
        raise OverflowError(
            f"element {element} is {values[tuple(element)]}, beyond {limit}; use another quantiser"
        )
