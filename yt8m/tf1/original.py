"""One variable of the original program: its name, and the conversion to our layout."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

Arrays = tuple[np.ndarray, ...]


@dataclass(frozen=True)
class Original:
    """One variable of the original and the ones of ours with its values.

    name: the original's name of the variable, such as "tower/experts/weights".
    paths: our variables, by `variable.path`.
    split: from the original's array to ours.
    join: from our arrays to the original's.
    shift: function of the size of our first array, returning what is added to it after the split.
        None: nothing. Gradients and other differences are not shifted.
    """

    name: str
    paths: tuple[str, ...]
    split: Callable[[np.ndarray], Arrays]
    join: Callable[..., np.ndarray]
    shift: Callable[[int], np.ndarray] | None = None

    def ours(self, array: np.ndarray, shifted: bool = True) -> dict[str, np.ndarray]:
        """The original's array as our arrays, by path. shifted: False for gradients."""
        parts = list(self.split(np.asarray(array)))
        if shifted and self.shift is not None:
            parts[0] = parts[0] + self.shift(parts[0].size)
        return dict(zip(self.paths, parts, strict=True))

    def theirs(self, *parts: np.ndarray, shifted: bool = True) -> np.ndarray:
        """Our arrays, in the order of `paths`, as the original's. shifted: False for gradients."""
        first, *rest = (np.asarray(p) for p in parts)
        if shifted and self.shift is not None:
            first = first - self.shift(first.size)
        return self.join(first, *rest)


def same(name: str, path: str) -> Original:
    """A variable with the same layout as ours."""
    return Original(name, (path,), lambda array: (array,), lambda part: part)


def without_first_axis(name: str, path: str) -> Original:
    """A variable with an additional first axis of size 1."""
    return Original(name, (path,), lambda array: (array[0],), lambda part: part[None])


def batch_norm(name: str, path: str) -> list[Original]:
    """The four variables of a batch normalisation (ours also counts its updates)."""
    parts = ("gamma", "beta", "moving_mean", "moving_variance")
    return [same(f"{name}/{part}", f"{path}/{part}") for part in parts]
