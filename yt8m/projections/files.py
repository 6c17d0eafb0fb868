"""The projections of a dataset's features in one file: arrays and JSON, see `yt8m.weights`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from yt8m.errors import ArtefactError
from yt8m.json_files import AMOUNT, COUNT, NUMBER, TEXT, expect, one_of
from yt8m.projections.projection import Projection
from yt8m.weights import load_weights, save_weights

KIND = "projections"
"""Of the file's header."""

_ABOUT = {
    "feature": TEXT,
    "kind": TEXT,
    "width": COUNT,
    "size": COUNT,
    "frames": AMOUNT,
    "levels": {"low": NUMBER, "high": NUMBER, "rounding": one_of("floor", "nearest")},
}


def save_projections(path: str | Path, projections: Mapping[str, Projection]) -> None:
    """Write the projection of each feature, atomically; equal ones always give equal bytes."""
    arrays = {
        f"{feature}/{name}": array
        for feature, projection in projections.items()
        for name, array in projection.arrays().items()
    }
    about = [{"feature": feature} | fitted.about() for feature, fitted in projections.items()]
    save_weights(path, arrays, {"kind": KIND, "features": about})


def load_projections(path: str | Path) -> dict[str, Projection]:
    """The projection of each feature, in the order in which they were saved.

    Raises ArtefactError for a file that is missing, damaged, or of another kind.
    """
    if not Path(path).exists():
        raise ArtefactError(f"{path}: no such file; fit the projections first")
    arrays, header = load_weights(path, KIND)
    expect(header, {"features": [_ABOUT]}, path, "header")
    return {about["feature"]: _projection(path, about, arrays) for about in header["features"]}


def _projection(
    path: str | Path, about: Mapping[str, Any], arrays: Mapping[str, np.ndarray]
) -> Projection:
    """One feature's projection, of whose arrays the shapes are checked."""
    width, size = about["width"], about["size"]
    shapes = {"mean": (width,), "vectors": (width, size), "deviations": (size,)}
    found = {}
    for name, shape in shapes.items():
        key = f"{about['feature']}/{name}"
        if key in arrays:
            found[name] = arrays[key]
            if found[name].shape != shape or found[name].dtype != np.float32:
                raise ArtefactError(
                    f"{path}: {key} is {found[name].dtype} {list(found[name].shape)}; expected "
                    f"float32 {list(shape)}; fit the projections again"
                )
    return Projection.of(about, found)
