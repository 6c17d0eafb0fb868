"""YouTube-8M itself, downloaded from its servers or a mirror: each file once, verified, resumed."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from yt8m.data.schema import Schema
from yt8m.data.sources.downloaded import Downloaded
from yt8m.download.names import Subset
from yt8m.download.plan import ListedPlan, Origin, read_plan
from yt8m.errors import ConfigError
from yt8m.paths import FilePath
from yt8m.printable import counted, listed
from yt8m.strict import refused_by, settings

if TYPE_CHECKING:
    from yt8m.download.planning import Addresses
    from yt8m.download.web_server import WebServer

LISTS = "http://data.yt8m.org"
FILES = "http://{mirror}.data.yt8m.org"


def _read_subset(text: str, where: str) -> str:
    try:
        return str(Subset.parse(text))
    except ValueError:
        raise ConfigError(f"{where}: is {text!r}; expected a part of all, such as 1/100") from None


@settings
class Recipe(Downloaded):
    """YouTube-8M, downloaded into a folder that several experiments may share."""

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
        return self.files_in() / f"{split}.{part}.json"

    def files_in(self) -> Path:
        """The folder of version and level."""
        return Path(self.folder, str(self.version), self.level)

    def read_plan(self, split: str) -> ListedPlan:
        """Raises ArtefactError also for a plan of other files."""
        return read_plan(self.plan_path(split), self.origin(split))

    # A source

    def check_schema(self, schema: Schema, where: str) -> None:
        """Raises ConfigError for another layout than the level's, and for plans that are not there,
        not valid, or lack files, if that is refused.
        """
        if schema.layout != self.level:
            raise ConfigError(
                f"{where}.level: is {self.level!r}, but dataset.layout is {schema.layout!r}; give "
                "both the same value"
            )
        super().check_schema(schema, where)

    def check_plan(self, split: str, where: str) -> None:
        """Raises ConfigError for a plan that is not valid, and for files that the server does not
        have, if they are refused.
        """
        super().check_plan(split, where)
        missing = self.plan(split).missing
        if missing and self.missing == "refuse":
            lacks = f"the server lacks {counted(len(missing), 'file')}"
            raise ConfigError(
                f"{where}.missing: is 'refuse', but {lacks} of {split}: {listed(missing)}; set "
                "'leave_out' to go without them"
            )

    # The server

    @property
    def addresses(self) -> "Addresses":
        """Where the lists of files are, and the files."""
        from yt8m.download.planning import Addresses

        if self.address:
            return Addresses(self.address.rstrip("/"), self.address.rstrip("/"))
        return Addresses(LISTS, FILES.format(mirror=self.mirror))

    def open_server(self, connections: int) -> "WebServer":
        """A web server."""
        from yt8m.download.web_server import WebServer

        return WebServer(connections)

    def make_plan(self, server: "WebServer", split: str, threads: int) -> ListedPlan:
        """The files of the subset that the server has."""
        from yt8m.download.planning import make_plan

        return make_plan(server, self.addresses, self.origin(split), threads)

    def address_of(self, split: str, name: str) -> str:
        """Below the version, the level and the split."""
        return self.addresses.file(self.origin(split), name)
