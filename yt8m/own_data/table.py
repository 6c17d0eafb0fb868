"""The table of a user's videos: ids, files of features, labels, and optionally splits and groups.

For example, with arrays of two kinds:

    id,rgb,audio,labels,split
    cat01,rgb/cat01.npy,audio.h5:/cat01,cat;pet,train
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from yt8m.data.label_names import normal
from yt8m.errors import ConfigError
from yt8m.mistakes import suggestion
from yt8m.own_data import row_checks
from yt8m.own_data.columns import SEPARATOR, Columns, read_columns
from yt8m.own_data.locations import columns_in, locations_of
from yt8m.own_data.problems import Problems

ID, LABELS, SPLIT = "id", "labels", "split"
"""Names of columns."""


@dataclass(frozen=True)
class Table:
    """The N rows of a table, column by column.

    ids: unique, and safe in a CSV. locations: feature -> a file, or a file and what is inside it
    (see `locations`), from the working directory; "" if the video lacks the feature. labels: as
    written, without repetitions. splits, groups: None without such a column. numbers, unit: see
    `Columns`. warnings: for the user, a line each.
    """

    path: Path
    ids: Sequence[str]
    locations: Mapping[str, Sequence[str]]
    labels: Sequence[tuple[str, ...]]
    splits: Sequence[str] | None
    groups: Sequence[str] | None
    numbers: Sequence[int]
    unit: str
    warnings: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.ids)

    def where(self, row: int) -> str:
        """The place of a row, counted from 0, such as "mine.csv, line 3"."""
        return f"{self.path}, {self.unit} {self.numbers[row]}"


def read_table(
    path: str | Path,
    features: Mapping[str, str],
    group: str | None = None,
    labelled: bool = True,
) -> Table:
    """The rows of a CSV file with a header, or of a Parquet file. Arrays are not opened.

    Columns: `id`; for each feature its locations, relative to the table's folder (empty if a video
    lacks the feature, but not all of them); `labels`, names or numbers separated by `;` (empty for
    none); optionally `split` and the column of groups.

    features: name -> the column of its locations, a pattern of columns such as "rgb/{id}.npy", or
        "" for the column of that name, else the column `path` with `{feature}` in its values.
    group: a column whose equal values stay in one split, such as the uploader or the recording.
    labelled: False ignores labels, so that their column may be missing.

    Labels are in Unicode's normal form C, so that one name has one spelling.
    Raises ConfigError naming all invalid rows, each with its column and the remedy.
    """
    path = Path(path)
    columns = read_columns(path)
    values = columns.values
    named = [name for feature, source in features.items() for name in _named(feature, source)]
    needed = (ID, *([LABELS] if labelled else []), *([group] if group else []))
    columns.refuse_others((*needed, SPLIT, *named), path)
    _refuse_missing(path, columns, needed)
    ids, splits = _stripped(values[ID]), _stripped(values[SPLIT]) if SPLIT in values else None
    labels = _labels(columns) if labelled else [()] * len(ids)
    located = {name: locations_of(name, source, values, path) for name, source in features.items()}
    problems = Problems(path, columns.unit)
    problems.add_all(columns.numbers, ID, row_checks.wrong_ids(ids, columns))
    problems.add_all(columns.numbers, LABELS, row_checks.wrong_labels(labels))
    for column, found in located.values():
        problems.add_all(columns.numbers, column, row_checks.wrong_locations(found))
    locations = {name: found for name, (_, found) in located.items()}
    names = ", ".join(dict.fromkeys(column for column, _ in located.values()))
    problems.add_all(columns.numbers, names, row_checks.without_files(locations))
    if splits is not None:
        problems.add_all(columns.numbers, SPLIT, row_checks.wrong_splits(splits))
    if group:
        problems.add_all(columns.numbers, group, row_checks.wrong_groups(values[group]))
    problems.refuse()
    groups = values[group] if group else None
    said = row_checks.label_warnings(labels) if labelled else ()
    warnings = tuple(f"{path}: warning: {text}" for text in said)
    return Table(
        path, ids, locations, labels, splits, groups, columns.numbers, columns.unit, warnings
    )


def _refuse_missing(path: Path, columns: Columns, names: Iterable[str]) -> None:
    for name in names:
        if name not in columns.values:
            text = f"{path}: has no column `{name}` of texts or whole numbers"
            remedy = "; an empty cell means no known labels" if name == LABELS else ""
            raise ConfigError(f"{text}{suggestion(name, columns.values)}{remedy}")
    if not columns.numbers:
        raise ConfigError(f"{path}: has no rows; list at least one video")


def _named(feature: str, source: str) -> Iterable[str]:
    """The columns that may say where a feature is."""
    return columns_in(source) if "{" in source else [source or feature]


def _stripped(texts: Sequence[str]) -> list[str]:
    return [text.strip() for text in texts]


def _labels(columns: Columns) -> list[tuple[str, ...]]:
    """The labels of each row, each once, in their order."""
    texts = columns.values[LABELS]
    return [_each_once(names) for names in columns.lists.get(LABELS) or map(_separated, texts)]


def _separated(text: str) -> list[str]:
    return text.split(SEPARATOR)


def _each_once(names: Iterable[str]) -> tuple[str, ...]:
    labels = dict.fromkeys(normal(name.strip()) for name in names)
    labels.pop("", None)
    return tuple(labels)
