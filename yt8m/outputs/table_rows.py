"""New videos in a table like that of training, without labels."""

from collections.abc import Sequence
from pathlib import Path

from yt8m.outputs.feature_files import FeatureFiles
from yt8m.own_data.arrays import FORMATS
from yt8m.own_data.columns import read_columns
from yt8m.own_data.locations import PATH, file_and_inside
from yt8m.own_data.table import read_table

TABLE = ".csv"
"""Ending of a table."""


def table_rows(path: Path, features: Sequence[str] = ()) -> list[tuple[str, Path | FeatureFiles]]:
    """The ids of a table's videos, and their files: a video, or those of features.

    Columns are as in training (`own_data.table`): `id`, and one for each feature or `path`; others
    are ignored. features: of the graph; without them, rows of feature files are not divided.
    Raises ConfigError naming all rows that are not valid.
    """
    if not features and PATH not in read_columns(path).values:
        return [(path.stem, FeatureFiles(path.stem, str(path)))]
    table = read_table(path, dict.fromkeys(features or [PATH], ""), labelled=False)
    found = []
    for row, id in enumerate(table.ids):
        locations = {name: places[row] for name, places in table.locations.items() if places[row]}
        found.append((id, _source(id, table.where(row), locations)))
    return found


def _source(id: str, place: str, locations: dict[str, str]) -> Path | FeatureFiles:
    file, *others = {file_and_inside(one)[0] for one in locations.values()}
    if not others and Path(file).suffix.lower() not in FORMATS:
        return Path(file)
    return FeatureFiles(id, place, locations, is_row=True)
