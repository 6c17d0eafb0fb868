"""Videos with a file per feature, which a pattern or the folders of features name."""

import glob
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from yt8m.errors import ArtefactError, ConfigError
from yt8m.paths import filled_in, matches

FEATURE = "{feature}"
"""Stands for a feature's name in a pattern."""

_TOKEN = re.compile(r"(\{feature\}|\*\*|\*|\?|\[[^\]]*\])")
_WILD = {"**": "(.*)", "*": "([^/]*)", "?": "([^/])"}


@dataclass
class FeatureFiles:
    """The files of one video; a feature without one is absent.

    where: the pattern with its wildcards filled in, such as `f/{feature}/cat.npy`, or a row of a
    table. paths: feature -> its file; in a row it may name what is inside too, see `locations`.
    """

    id: str
    where: str
    paths: dict[str, str] = field(default_factory=dict)
    is_row: bool = False

    def __str__(self) -> str:
        return self.where

    @property
    def joint(self) -> Path:
        """Where one file of all features would be: its stem is the id."""
        path = Path(self.where)
        folders = [part for part in path.parent.parts if part != FEATURE]
        return Path(*folders, self.id + path.suffix)


def feature_files(pattern: str, features: Iterable[str]) -> list[FeatureFiles]:
    """The videos whose files a pattern such as `{feature}/*.npy` names, sorted by name.

    A video has at least one of the features. Its id is its file's name without `{feature}`, or else
    that of the folder. Raises ConfigError if nothing matches.
    """
    found: dict[tuple[str, ...], FeatureFiles] = {}
    pattern = filled_in(pattern, pattern)
    parts = _TOKEN.split(pattern)
    for name in features:
        expression = re.compile("".join(_expression(part, name) for part in parts), re.DOTALL)
        for path in matches("".join(_literal(part, name) for part in parts)):
            if (match := expression.fullmatch(path)) and os.path.lexists(path):
                key = match.groups()
                where = _filled(parts, key)
                found.setdefault(key, FeatureFiles(_id(where), where)).paths[name] = path
    if not found:
        raise ConfigError(f"{pattern}: no file matches")
    return [video for _, video in sorted(found.items())]


def by_folders(
    folder: Path, files: Sequence[Path], features: Iterable[str]
) -> list[Path | FeatureFiles]:
    """Files inside a folder; those in folders of features, as `{feature}/cat.npy`, by video.

    Folders are of features if at least two of these are beside each other. Endings may differ.
    Raises ArtefactError for a video with several files of a feature.
    """
    features = set(features)
    found: dict[Path, Path | FeatureFiles] = {}
    for file in files:
        above = [folder / parent for parent in file.relative_to(folder).parents][-2::-1]
        place = next((p for p in above if p.name in features and _are_of(p.parent, features)), None)
        if place is None:
            found[file] = file
            continue
        within = place.parent / FEATURE / file.relative_to(place)
        video = found.setdefault(within.with_suffix(""), FeatureFiles(file.stem, str(within)))
        if (first := video.paths.setdefault(place.name, str(file))) != str(file):
            raise ArtefactError(
                f"{file}: is a second file of the feature {place.name} beside {first}; keep one"
            )
    return list(found.values())


def _are_of(folder: Path, features: set[str]) -> bool:
    return sum((folder / name).is_dir() for name in features) > 1


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
