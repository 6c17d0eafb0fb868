"""What was found in the videos of a shard: a JSON file beside the stores of features."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from yt8m.errors import ArtefactError
from yt8m.json_files import COUNT, DIGEST, TEXT, Maybe, expect, one_of, read_json, write_json
from yt8m.own_data.rows import Row
from yt8m.video.store import Store

FORMAT = 1

_FOUND = {"content": DIGEST, "frames": COUNT, "absent": [TEXT]}
_SHAPE = {"format": one_of(FORMAT), "key": TEXT, "videos": {str: {"problem": Maybe(TEXT)}}}


@dataclass(frozen=True)
class Findings:
    """The videos of one shard.

    path: of the file. key: of the extraction. videos: id -> `content`, the SHA-256 of its file;
    `frames`, the number of seconds; `absent`, the features that it lacks; or else `problem`.
    """

    path: Path
    key: str
    videos: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def store(self) -> Store:
        """The features themselves."""
        return Store(self.path.parent / self.key)

    def write(self) -> None:
        """Write the file, atomically."""
        write_json(self.path, {"format": FORMAT, "key": self.key, "videos": self.videos})

    @classmethod
    def read(cls, path: Path) -> "Findings":
        """The findings in a file. Raises ArtefactError for a damaged one."""
        about = read_json(path, _SHAPE)
        for id, found in about["videos"].items():
            if "problem" not in found:
                expect(found, _FOUND, path, f"videos.{id}")
        return cls(path, about["key"], about["videos"])

    def row(self, row: Row, features: Sequence[str]) -> Row:
        """A row with the locations of the features of its video, or with its problem."""
        found = self.videos[row.id]
        if "problem" in found:
            return Row(row.id, {}, row.classes, row.where, problem=found["problem"])
        path = self.store.path(found["content"])
        locations = {name: "" if name in found["absent"] else f"{path}:{name}" for name in features}
        remedy = f"remove {self.path} and run again, which extracts only what is missing"
        return Row(row.id, locations, row.classes, row.where, remedy=remedy)


def with_features(rows: Sequence[Row], paths: Sequence[Path], features: Sequence[str]) -> list[Row]:
    """Rows with the locations of their videos' features, from the findings in some files.

    Raises ArtefactError for a video that is in none of them.
    """
    by_id: Mapping[str, Findings] = {id: f for f in map(Findings.read, paths) for id in f.videos}
    for row in rows:
        if row.id not in by_id:
            files = ", ".join(map(str, paths)) or "no file"
            raise ArtefactError(
                f"{row.where}: {row.id!r} is not in {files}; extract the features again"
            )
    return [by_id[row.id].row(row, features) for row in rows]
