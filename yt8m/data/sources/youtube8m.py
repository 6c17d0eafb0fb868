"""YouTube-8M itself, downloaded from its servers or a mirror: each file once, verified, resumed."""

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from yt8m.data.schema import Schema
from yt8m.download.names import Subset
from yt8m.download.plan import DownloadPlan, File, Origin, digest_of, read_plan
from yt8m.errors import ArtefactError, ConfigError
from yt8m.partial import InvalidSetting
from yt8m.paths import FilePath
from yt8m.printable import listed
from yt8m.strict import refused_by, settings

LISTS = "http://data.yt8m.org"
FILES = "http://{mirror}.data.yt8m.org"
REMEDY = "fetch it first: yt8m records plan, with this config"


def _read_subset(text: str, where: str) -> str:
    try:
        return str(Subset.parse(text))
    except ValueError:
        raise ConfigError(f"{where}: is {text!r}; expected a part of all, such as 1/100") from None


@settings
class Recipe:
    """YouTube-8M, downloaded into a folder that several experiments may share."""

    makes_shards: ClassVar[bool] = False

    folder: FilePath = Field(
        "youtube8m", description="folder of the files, which are in VERSION/LEVEL/ below"
    )
    version: Literal[2, 3] = Field(
        2, description="edition: 2 (2018), or 3 (2019, with labels of segments; no training split)"
    )
    level: Literal["frame", "video"] = Field(
        "frame", description="records of all frames (1.5 TB), or of their mean (31 GB)"
    )
    splits: tuple[str, ...] = Field(("train", "validate", "test"), description="splits to download")
    subset: Annotated[str, refused_by(_read_subset)] = Field(
        "1/1",
        description='part of every split\'s files: "1/100" is the first of a hundred parts, which '
        "are chosen by a hash of the files' names",
    )
    mirror: Literal["us", "eu", "asia"] = Field("us", description="which of Google's servers")
    address: str | None = Field(
        None,
        pattern=r"https?://[^\s]+",
        description="instead of Google's servers: the address of a mirror of your own, with "
        "VERSION/download_plans/LEVEL_SPLIT.json and VERSION/LEVEL/SPLIT/FILE below",
    )
    missing: Literal["refuse", "leave_out"] = Field(
        "refuse", description="files in the server's list that the server does not have"
    )
    files_per_job: int = Field(100, ge=1, description="files that one job fetches")
    connections: int = Field(4, ge=1, le=64, description="files that one job fetches at a time")

    def problems(self) -> Iterator[tuple[str, str]]:
        """There must be splits, with names that are no paths."""
        if not self.splits:
            yield "splits", "is empty; name one, such as train"
        for split in self.splits:
            if not split.isidentifier() or not split.isascii():
                yield "splits", f"{split!r} is no name of a split, such as train"

    # Plans

    def origin(self, split: str) -> Origin:
        """What the download plan of a split is of."""
        return Origin(self.version, self.level, split, self.subset)

    def plan_path(self, split: str) -> Path:
        """The file of the download plan of a split."""
        part = self.subset.replace("/", "-of-")
        return Path(self.folder, str(self.version), self.level, f"{split}.{part}.json")

    def plan(self, split: str) -> DownloadPlan:
        """The download plan of a split, read once. Raises ArtefactError if it is not there, or not
        valid.
        """
        if split not in self._plans:
            self._plans[split] = read_plan(self.plan_path(split), self.origin(split))
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

    @property
    def addresses(self) -> tuple[str, str]:
        """Where the lists of files are, and the files."""
        if self.address:
            return self.address.rstrip("/"), self.address.rstrip("/")
        return LISTS, FILES.format(mirror=self.mirror)

    # A source

    def shards(self) -> dict[str, int]:
        """Split -> number of files in its plan. Raises InvalidSetting as `_valid_plan` does."""
        return {split: len(self._valid_plan(split).files) for split in self.splits}

    def shard_paths(self, split: str) -> tuple[str, ...]:
        """Where the files of a split are, or will be."""
        if split not in self._paths:
            folder = self.plan_path(split).parent
            names = self._valid_plan(split).local_names
            self._paths[split] = tuple(str(folder / name) for name in names)
        return self._paths[split]

    @cached_property
    def _paths(self) -> dict[str, tuple[str, ...]]:
        return {}

    def inputs(self, split: str, shard: int) -> list[str]:
        """No files, since they are downloaded."""
        return []

    def for_shard(self, split: str, shard: int) -> tuple["Recipe", int]:
        """The source itself."""
        return self, shard

    def make_shard(self, split: str, shard: int, schema: Schema, out: Path) -> None:
        """Raises ConfigError, since the shards are downloaded."""
        raise ConfigError(
            "dataset.source.kind: is 'youtube8m', whose shards are downloaded; see `yt8m records "
            "download`"
        )

    def check_schema(self, schema: Schema, where: str) -> None:
        """Raises ConfigError for another layout than the level's, for plans that are not there, and
        for files that the server does not have.
        """
        if schema.layout != self.level:
            raise ConfigError(
                f"{where}.level: is {self.level!r}, but dataset.layout is {schema.layout!r}; give "
                "both the same value"
            )
        absent = [split for split in self.splits if not self.plan_path(split).exists()]
        if absent:
            raise ConfigError(
                f"{where}: there is no download plan of {listed(absent)}, such as "
                f"{self.plan_path(absent[0])}; {REMEDY}"
            )
        for split in self.splits:
            self.check_plan(split, where)

    def check_plan(self, split: str, where: str) -> None:
        """Raises ConfigError for a plan that is not valid, and for files that the server does not
        have, if they are refused.
        """
        try:
            missing = self.plan(split).missing
        except ArtefactError as error:
            raise ConfigError(f"{where}: {error}; {REMEDY}") from None
        if missing and self.missing == "refuse":
            raise ConfigError(
                f"{where}.missing: is 'refuse', but the server does not have {len(missing)} files "
                f"of {split}: {listed(missing)}; set 'leave_out' to go without them"
            )

    # Downloads

    def parts(self, split: str) -> int:
        """The number of jobs that download a split."""
        return -(-len(self.plan(split).files) // self.files_per_job)

    def part_files(self, split: str, part: int) -> list[tuple[str, File]]:
        """The files of a part, and where they belong. Raises ArtefactError as `plan` does."""
        plan = self.plan(split)
        paths = self.shard_paths(split)
        return [(paths[n], plan.files[n]) for n in plan.part(part, self.files_per_job)]

    def part_state(self, split: str, part: int) -> str:
        """A digest of the places and the MD5 of a part's files."""
        paths, files = zip(*self.part_files(split, part), strict=True)
        return digest_of(paths, files)
