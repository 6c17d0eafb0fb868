"""What is wrong with a user's own table, as far as it is known when a run is planned."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from yt8m.data.schema import Schema
from yt8m.data.sources.limits import MOST_SHARDS
from yt8m.errors import ConfigError
from yt8m.mistakes import suggestion
from yt8m.own_data.fitting import check_size
from yt8m.own_data.label_hints import first_labels, label_hints
from yt8m.own_data.missing import missing_problem
from yt8m.own_data.rows import Rows
from yt8m.partial import InvalidSetting
from yt8m.protocols import ProjectionRecipe

if TYPE_CHECKING:
    from yt8m.data.sources.own_table import OwnTable

Problems = Iterator[tuple[str, str]]
"""Paths of settings, and what is wrong with each."""


def schema_problems(source: "OwnTable", schema: Schema) -> Problems:
    """An invalid table; features, classes, and sizes of arrays that are not those of the schema;
    and missing files.

    Raises InvalidSetting for a source that is not `completed`, as some settings are invalid.
    """
    if not schema.features.keys() <= source.projections.keys():
        raise InvalidSetting("projections")
    yield from unknown_names("projections", source.projections, schema)
    try:
        rows = source.rows
        by_split = rows.by_split
    except ConfigError as error:
        yield "table", str(error)
        return
    for split, shards in by_split.items():
        if len(shards) > MOST_SHARDS:
            yield "table", f"split {split} has too many videos"
    yield from _class_problems(source, rows, schema.classes)
    yield from _size_problems(source, schema)
    if text := missing_problem(rows.table, source.strict):
        yield "table", text


def unknown_names(word: str, names: Mapping[str, object], schema: Schema) -> Problems:
    """Names in a setting that are not those of features."""
    for name in names:
        if name not in schema.features:
            yield f"{word}.{name}", f"no such feature{suggestion(name, schema.features)}"


def fit_problems(
    projections: Mapping[str, ProjectionRecipe], rows: Rows, split: str, max_frames: int
) -> Problems:
    """Features whose sizes need more frames than a split can have; and why."""
    indices = [row for shard in rows.by_split.get(split, []) for row in shard]
    for name, recipe in projections.items() if indices else ():
        found = rows.table.locations.get(name)  # None: extracted from every video
        videos = len(indices) if found is None else sum(bool(found[row]) for row in indices)
        yield from ((name, text) for text in recipe.size_problems(videos * max_frames))


def _class_problems(source: "OwnTable", rows: Rows, classes: int) -> Problems:
    vocabulary = rows.vocabulary
    fits = vocabulary.names is None and vocabulary.classes <= classes
    if vocabulary.classes == classes or fits:
        return
    text = (
        f"{source.labels or source.table}: has labels of {vocabulary.classes:,} classes, but "
        f"dataset.classes is {classes:,}"
    )
    hints = [] if source.labels else list(label_hints(vocabulary.numbers))
    remedy = "" if hints else f"; set it to {vocabulary.classes}"
    shown = f"videos by label: {first_labels(rows.table.labels)}"
    yield "table", "; ".join([f"{text}{remedy}", shown, *hints])


def _size_problems(source: "OwnTable", schema: Schema) -> Problems:
    for name, size in schema.features.items():
        try:
            if width := source.frame_width(name):
                check_size(source.projections[name], width, size, name, f"projections.{name}")
        except ConfigError as error:
            where, _, text = str(error).partition(": ")
            yield where, text
