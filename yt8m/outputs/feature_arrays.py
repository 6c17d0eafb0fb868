"""One video's features as arrays of their own: side by side, or from a file that holds them all."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from yt8m.errors import ArtefactError
from yt8m.outputs.array_kinds import ArrayKinds
from yt8m.own_data.arrays import FORMATS, read_array
from yt8m.own_data.videos import common_length


def by_feature(
    arrays: Mapping[str, np.ndarray], kinds: ArrayKinds, where: str
) -> tuple[np.ndarray, bool]:
    """One video's arrays side by side, [T, F], and whether they are an extractor's values.

    Such may lack a feature, as videos lack sound: it gets `Projection.neutral`.
    Raises RecordError for values or lengths that do not fit, ArtefactError for bytes beside floats.
    """
    arrays = {name: a[None] if a.ndim == 1 else a for name, a in arrays.items()}
    is_raw = {kinds.is_raw(array.dtype) for array in arrays.values()}
    if len(is_raw) > 1 or len({array.dtype.kind == "f" for array in arrays.values()}) > 1:
        raise ArtefactError(
            f"{where}: has bytes of some features and floats of others; give all of one kind"
        )
    for name, array in arrays.items():
        width = kinds.expected(*is_raw).features[name]
        if array.ndim != 2 or array.shape[1] != width or not len(array):
            raise ArtefactError(
                f"{where}, {name}: is {array.dtype} {list(array.shape)}; expected [frames, {width}]"
                f"{kinds.hint(*is_raw)}"
            )
    if is_raw == {True}:
        features = {name: arrays.get(name) for name in kinds.schema.features}
        return kinds.raw.joined(features, where), True
    if lacking := [name for name in kinds.schema.features if name not in arrays]:
        raise ArtefactError(f"{where}: lacks {', '.join(lacking)}; records have all features")
    seconds = common_length(arrays, f"{where}: ")
    return np.concatenate([arrays[n][:seconds] for n in kinds.schema.features], axis=1), False


def one_by_feature(path: Path, kinds: ArrayKinds) -> dict[str, np.ndarray]:
    """The raw features of one video in a file of another format than NumPy's.

    Raises ArtefactError for an unknown format, or if the graph takes no raw values; RecordError for
    a file that is damaged or lacks a feature.
    """
    if path.suffix.lower() not in FORMATS:
        raise ArtefactError(f"{path}: is not of a known format; expected {', '.join(FORMATS)}")
    if not kinds.is_raw(np.dtype("f4")):
        raise ArtefactError(
            f"{path}: such files hold raw features, which this graph does not take; give .npy or "
            ".npz files with the values of records"
        )
    return {name: read_array(str(path), name) for name in kinds.schema.features}
