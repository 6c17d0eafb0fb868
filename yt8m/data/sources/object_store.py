"""Shards in S3 or Google Cloud Storage, fetched before they are read."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from yt8m.data.sources.downloaded import Downloaded
from yt8m.download.object_addresses import read_pattern
from yt8m.download.store_plan import StorePlan, read_store_plan
from yt8m.paths import FilePath
from yt8m.strict import refused_by, settings

if TYPE_CHECKING:
    from yt8m.download.object_store import ObjectStore

Pattern = Annotated[str, refused_by(read_pattern)]


@settings
class Recipe(Downloaded):
    """TFRecord shards in S3 or Google Cloud Storage, fetched into a folder on disk."""

    files: Mapping[str, tuple[Pattern, ...]] = Field(
        description="split -> shards, as addresses or patterns (* ? [ ]) such as "
        '"s3://bucket/folder/train*.tfrecord" or "gs://bucket/train*.tfrecord"'
    )
    folder: FilePath = Field(
        "shards",
        description="folder of the files, which are in SCHEME/BUCKET/ below; several experiments "
        "may share it",
    )
    anonymous: bool = Field(
        False, description="whether to read without credentials, which public buckets allow"
    )
    files_per_job: int = Field(100, ge=1, description="files that one job fetches")
    connections: int = Field(4, ge=1, le=64, description="files that one job fetches at a time")

    def problems(self) -> Iterator[tuple[str, str]]:
        """There must be splits, and patterns of each."""
        if not self.files:
            yield "files", "is empty; name the shards of a split"
        for split, patterns in self.files.items():
            if not split.isidentifier() or not split.isascii():
                yield "files", f"{split!r} is no name of a split, such as train"
            elif not patterns:
                yield f"files.{split}", "is empty; give a pattern, such as s3://bucket/train*"

    @property
    def splits(self) -> tuple[str, ...]:
        """The splits that have shards."""
        return tuple(self.files)

    # Plans

    def plan_path(self, split: str) -> Path:
        """The file of the plan of a split, which other patterns do not share."""
        patterns = json.dumps(self.files[split]).encode()
        return Path(self.folder, f"{split}.{hashlib.sha256(patterns).hexdigest()[:12]}.json")

    def files_in(self) -> Path:
        """The folder itself."""
        return Path(self.folder)

    def read_plan(self, split: str) -> StorePlan:
        """Raises ArtefactError also for a plan of other patterns."""
        return read_store_plan(self.plan_path(split), self.files[split])

    # The store

    def open_server(self, connections: int) -> "ObjectStore":
        """The stores of all patterns."""
        from yt8m.download.object_store import ObjectStore

        return ObjectStore(self.anonymous)

    def make_plan(self, server: "ObjectStore", split: str, threads: int) -> StorePlan:
        """The objects that the patterns match now."""
        from yt8m.download.store_planning import make_store_plan

        return make_store_plan(server, split, self.files[split], threads)

    def address_of(self, split: str, name: str) -> str:
        """Its name, which is one."""
        return name
