"""The files that a user wants to have labelled, and what they are called."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from yt8m.outputs.feature_files import FEATURE, FeatureFiles
from yt8m.outputs.named_files import ARRAYS, ARRAYS_IN_FOLDERS, Named, Source, files_of
from yt8m.video.suffixes import SUFFIXES

IN_FOLDERS = SUFFIXES | ARRAYS_IN_FOLDERS
"""Endings of the files that are read from a folder, at any depth."""


@dataclass(frozen=True)
class Input:
    """A file, or the files of one video's features. id: unlike that of all other inputs."""

    id: str
    path: Source

    @property
    def is_video(self) -> bool:
        """Whether it is not an array by its name: any other file may be a video."""
        if isinstance(self.path, FeatureFiles) or FEATURE in str(self.path):
            return False
        return self.path.suffix.lower() not in ARRAYS


def find_inputs(sources: Sequence[str], features: Sequence[str] = ()) -> list[Input]:
    """The files that sources (paths, patterns, folders or tables) name, in the order given, each
    once.

    Folders give all files of known endings inside, sorted. An id is the file's name; those that
    would be equal begin with folders, and end in the suffix, as far as needed, or are whole paths.
    features: of the graph; without them, patterns with `{feature}` and folders of features are not
    yet divided into videos.
    Raises ArtefactError for a folder without such files, ConfigError for a pattern without any.
    """
    found: dict[tuple[str, str | None], Named] = {}
    for source in sources:
        for each in files_of(source, IN_FOLDERS, "videos nor feature files", features):
            found.setdefault((str(each.source), each.id), each)
    ids = _ids(found.values())
    return [Input(id, each.source) for id, each in zip(ids, found.values(), strict=True)]


def _ids(named: Iterable[Named]) -> list[str]:
    named = list(named)
    ids = [each.shown.stem if each.id is None else each.id for each in named]
    for way in (
        lambda each: each.shown.with_suffix("").as_posix(),
        lambda each: each.shown.as_posix(),
        lambda each: str(getattr(each.source, "joint", each.source)),
    ):
        counts = Counter(ids)
        ids = [
            way(each) if counts[id] > 1 and each.id is None else id
            for id, each in zip(ids, named, strict=True)
        ]
    return ids
