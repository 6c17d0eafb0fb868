"""What sources of downloaded shards share: a plan for each split, and its files in parts."""

from functools import cached_property
from pathlib import Path

from yt8m.data.schema import Schema
from yt8m.data.sources.given import Given
from yt8m.download.planned import DownloadPlan, PlannedFile, digest_of
from yt8m.errors import ArtefactError, ConfigError
from yt8m.partial import InvalidSetting
from yt8m.printable import listed

REMEDY = "fetch it first, with this config: yt8m records plan CONFIG"


class Downloaded(Given):
    """A source whose shards are fetched into a folder by a plan, which says what a server has.

    A kind adds the settings `splits` and `files_per_job`, and says where its plans are, how they
    are read and made, and where they put the files.
    """

    def plan_path(self, split: str) -> Path:
        """The file of the plan of a split."""
        raise NotImplementedError

    def read_plan(self, split: str) -> DownloadPlan:
        """Read it. Raises ArtefactError if it is not there, or not valid."""
        raise NotImplementedError

    def files_in(self) -> Path:
        """The folder that paths on disk are in."""
        raise NotImplementedError

    def plan(self, split: str) -> DownloadPlan:
        """The plan of a split, read once. Raises ArtefactError as `read_plan` does."""
        if split not in self._plans:
            self._plans[split] = self.read_plan(split)
        return self._plans[split]

    @cached_property
    def _plans(self) -> dict[str, DownloadPlan]:
        return {}

    def _valid_plan(self, split: str) -> DownloadPlan:
        """Raises InvalidSetting for a plan that `check_schema` reports."""
        try:
            return self.plan(split)
        except ArtefactError:
            raise InvalidSetting("folder") from None

    # A source

    def shards(self) -> dict[str, int]:
        """Split -> number of files in its plan. Raises InvalidSetting as `_valid_plan` does."""
        return {split: len(self._valid_plan(split).files) for split in self.splits}

    def shard_paths(self, split: str) -> tuple[str, ...]:
        """Where the files of a split are, or will be."""
        if split not in self._paths:
            names = self._valid_plan(split).local_names
            self._paths[split] = tuple(str(self.files_in() / name) for name in names)
        return self._paths[split]

    @cached_property
    def _paths(self) -> dict[str, tuple[str, ...]]:
        return {}

    def check_schema(self, schema: Schema, where: str) -> None:
        """Raises ConfigError for plans that are not there, or that `check_plan` refuses."""
        absent = [split for split in self.splits if not self.plan_path(split).exists()]
        if absent:
            raise ConfigError(
                f"{where}: there is no download plan of {listed(absent)}, such as "
                f"{self.plan_path(absent[0])}; {REMEDY}"
            )
        for split in self.splits:
            self.check_plan(split, where)

    def check_plan(self, split: str, where: str) -> None:
        """Raises ConfigError for a plan that is not valid."""
        try:
            self.plan(split)
        except ArtefactError as error:
            raise ConfigError(f"{where}: {error}; {REMEDY}") from None

    # Downloads

    def parts(self, split: str) -> int:
        """The number of jobs that download a split."""
        return -(-len(self.plan(split).files) // self.files_per_job)

    def part_files(self, split: str, part: int) -> list[tuple[str, PlannedFile]]:
        """The files of a part, and where they belong. Raises ArtefactError as `plan` does."""
        within = slice(part * self.files_per_job, (part + 1) * self.files_per_job)
        files = self.plan(split).files[within]
        return list(zip(self.shard_paths(split)[within], files, strict=True))

    def part_state(self, split: str, part: int) -> str:
        """A digest of the places and the content of a part's files."""
        paths, files = zip(*self.part_files(split, part), strict=True)
        return digest_of(paths, files)
