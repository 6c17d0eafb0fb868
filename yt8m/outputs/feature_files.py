"""Videos whose features are in arrays of their own: in one file, or in a file per feature."""

import glob
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from yt8m.errors import ArtefactError, ConfigError
from yt8m.outputs.array_kinds import ArrayKinds
from yt8m.own_data.arrays import FORMATS, read_array
from yt8m.own_data.videos import common_length
from yt8m.paths import filled_in, resolve

FEATURE = "{feature}"
"""Stands for a feature's name in a pattern."""

_TOKEN = re.compile(r"(\{feature\}|\*\*|\*|\?|\[[^\]]*\])")
_WILD = {"**": "(.*)", "*": "([^/]*)", "?": "([^/])"}


@dataclass
class FeatureFiles:
    """The files of one video. where: the pattern with its wildcards filled in."""

    id: str
    where: str
    paths: dict[str, str] = field(default_factory=dict)


def feature_files(pattern: str, features: Iterable[str]) -> list[FeatureFiles]:
    """The videos whose files a pattern such as `{feature}/*.npy` names, sorted by name.

    A video's id is its file's name without `{feature}`, or else that of the folder.
    Raises ArtefactError for a video that lacks a feature; ConfigError if nothing matches.
    """
    features, found = list(features), {}
    pattern = filled_in(pattern, pattern)
    parts = _TOKEN.split(pattern)
    for name in features:
        expression = re.compile("".join(_expression(part, name) for part in parts), re.DOTALL)
        for path in resolve("".join(_literal(part, name) for part in parts), pattern):
            if match := expression.fullmatch(path):
                key = match.groups()
                where = _filled(parts, key)
                found.setdefault(key, FeatureFiles(_id(where), where)).paths[name] = path
    for video in found.values():
        if lacking := [name for name in features if name not in video.paths]:
            missing = video.where.replace(FEATURE, lacking[0])
            raise ArtefactError(
                f"{missing}: no such file; the graph takes the features {', '.join(features)} of "
                "every video"
            )
    if not found:
        raise ConfigError(f"{pattern}: no file matches")
    return [video for _, video in sorted(found.items())]


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


def _expression(part: str, feature: str) -> str:
    if part == FEATURE:
        return re.escape(feature)
    if _TOKEN.fullmatch(part):
        return _WILD.get(part, "(.)")
    return re.escape(part)


def _literal(part: str, feature: str) -> str:
    return glob.escape(feature) if part == FEATURE else part


def _filled(parts: list[str], key: tuple[str, ...]) -> str:
    """The pattern with the wildcards' values."""
    values = iter(key)
    is_wild = (part != FEATURE and _TOKEN.fullmatch(part) for part in parts)
    return "".join(next(values) if w else part for part, w in zip(parts, is_wild, strict=True))


def _id(where: str) -> str:
    path = Path(where)
    name = path.stem.replace(FEATURE, "").strip(" ._-")
    return name or path.parent.name
