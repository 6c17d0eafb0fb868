"""A table of your own feature files, such as .npy: projected, as bytes, in shards."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

from pydantic import Field

from yt8m.data.schema import Schema
from yt8m.data.sources.own_table import OwnTable
from yt8m.data.sources.table_checks import unknown_names
from yt8m.errors import RecordError
from yt8m.own_data.arrays import width_of
from yt8m.own_data.fitting import usual_width_of
from yt8m.own_data.locations import file_and_inside
from yt8m.own_data.rows import Row, files_of
from yt8m.own_data.widths import MOST_OPENED, Width, usual_width
from yt8m.strict import settings


@settings
class Recipe(OwnTable):
    """Your own feature files, listed in a table with their labels."""

    columns: Mapping[str, str] = Field(
        default_factory=dict,
        description="feature -> column of its files, or a pattern of columns such as "
        '"rgb/{id}.npy"; by default the column of its name, else `path` with {feature} in it; an '
        "empty cell: the video lacks the feature",
    )

    def completed(self, features: Mapping[str, int]) -> "Recipe":
        """With a column, and a projection of known size, for every feature of the records."""
        columns = {name: self.columns.get(name, "") for name in features}
        return replace(super().completed(features), columns={**self.columns, **columns})

    def schema_problems(self, schema: Schema) -> Iterator[tuple[str, str]]:
        """Also columns of unknown features, with which the table cannot be read."""
        unknown = list(unknown_names("columns", self.columns, schema))
        yield from unknown
        if unknown:
            yield from unknown_names("projections", self.projections, schema)
        else:
            yield from super().schema_problems(schema)

    def width(self, feature: str) -> int:
        """Values per frame of most of a feature's first arrays that can be opened."""
        return usual_width_of(self.rows.of_split(next(iter(self.rows.by_split))), feature).values

    def _columns(self) -> Mapping[str, str]:
        return self.columns

    def frame_width(self, feature: str) -> Width | None:
        """That of most of the feature's first arrays; None if none of them can be opened."""
        return usual_width(self._widths(feature))

    def _widths(self, feature: str) -> Iterator[Width]:
        """Those of the first `MOST_OPENED` arrays whose files exist, as far as they are valid."""
        locations = filter(None, self.rows.table.locations[feature])
        there = (one for one in locations if Path(file_and_inside(one)[0]).exists())
        for location in islice(there, MOST_OPENED):
            try:
                yield Width(width_of(location, feature), location)
            except RecordError:
                continue

    def _read_by_fit(self) -> list[str]:
        return self._fitted

    def _array_files(self, rows: Sequence[Row], names: Sequence[str]) -> list[str]:
        return [path for path in files_of(rows, names) if Path(path).is_file()]

    def _located(self, rows: Sequence[Row], extracted: Sequence[Path]) -> list[Row]:
        return list(rows)
