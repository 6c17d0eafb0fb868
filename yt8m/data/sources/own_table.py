"""What sources of a user's own table share: its rows, their splits, projections and shards."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

from pydantic import Field

from yt8m.data.label_names import class_count
from yt8m.data.schema import Schema
from yt8m.data.sources import table_checks
from yt8m.errors import ConfigError
from yt8m.mistakes import Mistake, refuse
from yt8m.own_data.fitting import fit_projections, report_fit
from yt8m.own_data.left_out import LeftOut, beside
from yt8m.own_data.rows import Row, Rows, digest_of
from yt8m.own_data.splits import VIDEOS_PER_SHARD, shared_between, splits_of
from yt8m.own_data.table import Table, read_table
from yt8m.own_data.vocabulary import Vocabulary, build_vocabulary, given_vocabulary, unlearnt
from yt8m.own_data.widths import Width
from yt8m.partial import InvalidSetting
from yt8m.paths import FilePath
from yt8m.progress import Progress
from yt8m.projections.files import load_projections, save_projections
from yt8m.protocols import ProjectionRecipe
from yt8m.recipes import as_entry, by_name, kind_of, read_recipe
from yt8m.strict import Seed, Share, settings

PROJECTIONS = "yt8m.projections"
DEFAULT = "scale"


@settings
class OwnTable:
    """A table of videos with their labels. A kind of source says where their arrays are."""

    makes_shards: ClassVar[bool] = True

    table: FilePath = Field(
        description="CSV or Parquet with columns `id`, `labels` (separated by `;`), the files of "
        "each video, and optionally `split`"
    )
    group: str | None = Field(
        None, description="column whose equal values stay in one split, such as the uploader"
    )
    splits: Mapping[str, Share] = Field(
        default_factory=lambda: {"train": 0.8, "validate": 0.1, "test": 0.1},
        description="split -> share of the videos, chosen by a hash of the id or group; a column "
        "`split` has precedence",
    )
    seed: Seed = Field(0, description="seed of these hashes")
    labels: FilePath | None = Field(
        None,
        description="CSV with columns Index and Name: the number of each label; by default names "
        "in alphabetical order",
    )
    projections: Mapping[str, ProjectionRecipe] = by_name(
        PROJECTIONS, DEFAULT, description="feature -> how its values become bytes"
    )
    videos_per_shard: int = Field(
        VIDEOS_PER_SHARD, ge=1, description="most videos in an average shard, which is one job"
    )
    strict: bool = Field(
        False,
        description="whether to refuse files that are missing or not valid; otherwise their "
        "videos are left out and listed in the logs",
    )

    # What a kind of source adds

    def _columns(self) -> Mapping[str, str]:
        """What the table locates -> its column, or a pattern of columns; see `read_table`."""
        raise NotImplementedError

    def frame_width(self, feature: str) -> Width | None:
        """Values per frame of a feature before its projection, as far as known when planning."""
        raise NotImplementedError

    def _read_by_fit(self) -> list[str]:
        """Those of `_columns` that the fit depends on; in one order, whatever the config's."""
        raise NotImplementedError

    def _array_files(self, rows: Sequence[Row], names: Sequence[str]) -> list[str]:
        """The files of arrays that exist, for these of `_columns`."""
        raise NotImplementedError

    def _located(self, rows: Sequence[Row], extracted: Sequence[Path]) -> list[Row]:
        """The rows with the locations of every feature's arrays."""
        raise NotImplementedError

    # Settings

    def problems(self) -> Iterator[tuple[str, str]]:
        """The shares must add up to 1."""
        if abs((total := math.fsum(self.splits.values())) - 1) > 1e-6:
            yield "splits", f"its shares add up to {total:g}; expected 1"

    def completed(self, features: Mapping[str, int]) -> "OwnTable":
        """With a projection of known size for every feature of the records."""
        projections = {
            name: self.projections.get(name) or read_recipe(PROJECTIONS, {}, name, DEFAULT)
            for name in features
        }
        sized = {name: each.sized(features[name]) for name, each in projections.items()}
        return replace(self, projections={**self.projections, **sized})

    def ranges(self) -> dict[str, tuple[float, float]]:
        """The `low` and `high` of each projection."""
        return {name: (float(p.low), float(p.high)) for name, p in self.projections.items()}

    def check_schema(self, schema: Schema, where: str) -> None:
        """Raises ConfigError for all that `schema_problems` finds."""
        problems = list(self.schema_problems(schema))
        if problems:
            refuse((Mistake((*filter(None, path.split(".")),), t) for path, t in problems), where)

    def schema_problems(self, schema: Schema) -> Iterator[tuple[str, str]]:
        """An invalid table; features, classes, and sizes of arrays that are not those of the
        schema; and missing files.
        """
        return table_checks.schema_problems(self, schema)

    def fit_problems(self, split: str, max_frames: int) -> Iterator[tuple[str, str]]:
        """Features whose sizes need more frames than a split can have; and why."""
        return table_checks.fit_problems(self.projections, self.valid_rows(), split, max_frames)

    # Rows

    @cached_property
    def rows(self) -> Rows:
        """The table, which is read only once. Raises ConfigError if it is not valid."""
        table = read_table(self.table, self._columns(), self.group)
        vocabulary = self._given_vocabulary(table) if self.labels else build_vocabulary(table)
        # In one order, since that of a mapping's keys must not move a video.
        splits = splits_of(table, dict(sorted(self.splits.items())), self.seed)
        return Rows(table, splits, vocabulary, self.seed, self.videos_per_shard)

    def _given_vocabulary(self, table: Table) -> Vocabulary:
        path = Path(self.labels)
        try:
            return given_vocabulary(table, path, class_count(path))
        except OSError as error:
            raise ConfigError(f"{path}: cannot be read ({error.strerror})") from None

    def shards(self) -> dict[str, int]:
        """Split -> number of shards.

        Raises InvalidSetting if the table is not valid, which `check_schema` reports.
        """
        return {split: len(shards) for split, shards in self.valid_rows().by_split.items()}

    def valid_rows(self) -> Rows:
        """The rows. Raises InvalidSetting if the table is not valid, which the schema's check
        reports.
        """
        try:
            return self.rows
        except ConfigError:
            raise InvalidSetting("table") from None

    def shard_paths(self, split: str) -> tuple[str, ...]:
        """The files of a split, each once, including what is inside a file."""
        rows = self.rows.of_split(split)
        places = (place for row in rows for place in row.locations.values())
        return tuple(dict.fromkeys(filter(None, places)))

    def inputs(self, split: str, shard: int) -> list[str]:
        """The files of a shard's arrays, as far as they exist."""
        return self._array_files(self.rows.of_shard(split, shard), sorted(self._columns()))

    def for_shard(self, split: str, shard: int) -> tuple["OwnTable", int]:
        """The source itself, since its rows follow from the whole table."""
        return self, shard

    def rows_state(self, split: str, shard: int) -> str:
        """A digest of a shard's ids, locations of files, and labels."""
        rows = self.rows.of_shard(split, shard)
        return digest_of([row.id, dict(row.locations), row.classes] for row in rows)

    def videos_in(self, split: str) -> int:
        """The number of videos that the table lists for a split; 0 for an unknown one."""
        return sum(map(len, self.valid_rows().by_split.get(split, [])))

    def label_names(self) -> tuple[str, ...]:
        """The names of the classes, by number."""
        return self.rows.vocabulary.class_names

    def warnings(self, train: str) -> list[str]:
        """Likely slips in labels, labels that cannot be learnt or measured, splits that are small
        or share files, and files that are missing.
        """
        from yt8m.own_data.missing import missing_warning
        from yt8m.own_data.summary import too_little

        table, splits = self.rows.table, self.rows.splits
        found = [*table.warnings, *unlearnt(table, splits, train)]
        found += [*too_little(table, splits, train), *shared_between(table, splits)]
        found += filter(None, [missing_warning(table)])
        return [text.removeprefix(f"{table.path}: warning: ") for text in found]

    def summary(self) -> str:
        """Videos and labels by split, rarest and most frequent labels, as a text for people."""
        from yt8m.own_data.summary import summary_of

        return summary_of(self.rows)

    # Projections and shards

    def raw_bytes(self) -> int:
        """Bytes of the arrays of all projections, as far as the extractors' widths are known."""
        widths = {name: self.frame_width(name) for name in self.projections}
        return sum(4 * self.projections[n].array_size(w.values) for n, w in widths.items() if w)

    def fit_inputs(self, split: str) -> list[str]:
        """The files of the settings, and those of a split's arrays, as far as they exist."""
        given = [path for _, each in sorted(self.projections.items()) for path in each.inputs()]
        return [*given, *self._array_files(self.rows.of_split(split), self._read_by_fit())]

    def fit_state(self, split: str, max_frames: int) -> str:
        """A digest of the settings and the locations of arrays that the fit depends on."""
        about: list[Any] = [{n: as_entry(p) for n, p in self.projections.items()}, max_frames]
        names = self._read_by_fit()
        rows = self.rows.of_split(split) if names else []
        return digest_of([about, *([row.locations[name] for name in names] for row in rows)])

    @property
    def _fitted(self) -> list[str]:
        """Features whose arrays the fit reads, in alphabetical order."""
        return sorted(name for name, each in self.projections.items() if each.reads_frames)

    def fit(self, split: str, schema: Schema, out: Path, extracted: Sequence[Path] = ()) -> str:
        """Fit the projections of all features on a split, and write them atomically."""
        rows = self._located(self.rows.of_split(split), extracted)
        left_out = LeftOut(self.strict)
        recipes = {name: self.projections[name] for name in schema.features}
        with Progress("fit projections", "array", len(rows) * len(recipes)) as bar:
            found = fit_projections(
                rows, recipes, schema.features, schema.max_frames, left_out, bar.advance
            )
        save_projections(out, found)
        return f"{report_fit(found)}{left_out.report(len(rows))}".rstrip()

    def make_shard(self, split: str, shard: int, schema: Schema, out: Path) -> None:
        """Raises ConfigError, since shards need fitted projections: see `project_shard`."""
        raise ConfigError(
            f"dataset.source.kind: is {kind_of(self)!r}, whose shards need fitted projections; "
            "name their file with --projections"
        )

    def project_shard(
        self,
        split: str,
        shard: int,
        schema: Schema,
        projections: Path,
        out: Path,
        extracted: Sequence[Path] = (),
    ) -> str:
        """Write one shard of a split atomically, with the projections in a file."""
        from yt8m.own_data.shards import Written, write_shard

        self._check_asked(split, shard)
        rows = self._located(self.rows.of_shard(split, shard), extracted)
        written = Written(LeftOut(self.strict))
        with Progress(f"shard {shard} of {split}", "video", len(rows)) as bar:
            write_shard(out, rows, schema, load_projections(projections), written, bar.advance)
        written.left_out.write(Path(beside(str(out))))
        return written.report()

    def _check_asked(self, split: str, shard: int) -> None:
        shards = self.rows.by_split
        if split not in shards or not 0 <= shard < len(shards[split]):
            found = ", ".join(f"{name}: {len(each)}" for name, each in shards.items())
            raise ConfigError(
                f"dataset.source.table: {self.table} has no shard {shard} of split {split!r}; "
                f"it has these numbers of shards: {found}"
            )
