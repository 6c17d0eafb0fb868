"""Projections of all features, fitted on the arrays of a split in one pass."""

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from yt8m.errors import ConfigError, RecordError
from yt8m.own_data.heap import keep_freed_memory
from yt8m.own_data.left_out import LeftOut
from yt8m.own_data.reading_ahead import most_bytes, reading_ahead
from yt8m.own_data.rows import Row
from yt8m.own_data.videos import read_feature, width_in
from yt8m.own_data.widths import MOST_OPENED, Width, usual_width
from yt8m.projections.projection import Projection
from yt8m.protocols import ProjectionRecipe
from yt8m.text_tables import format_table, numbers, words


def fit_projections(
    rows: Sequence[Row],
    recipes: Mapping[str, ProjectionRecipe],
    sizes: Mapping[str, int],
    max_frames: int,
    left_out: LeftOut,
    advance: Callable[[], None] = lambda: None,
) -> dict[str, Projection]:
    """The projection of each feature. Each array is read once; memory holds one at a time.

    sizes: of records, by feature. left_out: receives the videos whose arrays are not valid.
    advance: is called after each array.
    Raises ConfigError if the projected size differs from `sizes`; RecordError if most arrays are
    not valid.
    """
    keep_freed_memory()
    found = {}
    for name, recipe in recipes.items():
        where = f"projections.{name}"
        usual = usual_width_of(rows, name)
        check_size(recipe, usual, sizes[name], name, where)
        width = usual.values
        bad = LeftOut(left_out.strict)
        frames = _frames(rows, name, width, max_frames, bad, advance)
        found[name] = recipe.fit(_checked(frames, bad, len(rows), name), width, where)
        left_out.found |= {id: of for id, of in bad.found.items() if id not in left_out.found}
    return found


def usual_width_of(rows: Sequence[Row], feature: str) -> Width:
    """Values per frame of a feature: those of most of the first arrays that can be opened.

    Raises RecordError with the number of problems, and the first ones, if there is none.
    """
    bad, widths = LeftOut(), list[Width]()
    for row in rows:
        try:
            if width := width_in(row, feature):
                widths.append(Width(width, row.locations[feature]))
        except RecordError as error:
            bad.add(row, str(error))
        if len(widths) == MOST_OPENED:
            break
    if usual := usual_width(widths):
        return usual
    if bad.found:
        bad.refuse(len(rows), f"feature {feature}")
    raise RecordError(f"{feature}: there is no video with it to fit the projection on")


def check_size(recipe: ProjectionRecipe, width: Width, size: int, feature: str, where: str) -> None:
    """Raises ConfigError unless frames of this width become the size that the dataset says."""
    found = recipe.projected_size(width.values, where)
    if found != size:
        such_as = f" (such as {width.location})" if width.location else ""
        raise ConfigError(
            f"{where}: makes {found} values per frame of {feature}, whose arrays have "
            f"{width.values}{such_as}; dataset.features.{feature} is {size}. Set it to {found}, or "
            "use `kind: pca_whiten`, which makes fewer"
        )


def _frames(
    rows: Sequence[Row],
    feature: str,
    width: int,
    max_frames: int,
    left_out: LeftOut,
    advance: Callable[[], None],
) -> Iterator[np.ndarray]:
    for row in reading_ahead(rows, [feature], most_bytes(max_frames, width)):
        try:
            frames = read_feature(row, feature, width, max_frames)
            if frames is not None:
                yield frames
        except RecordError as error:
            left_out.add(row, str(error))
        advance()


def _checked(
    frames: Iterator[np.ndarray], left_out: LeftOut, videos: int, feature: str
) -> Iterator[np.ndarray]:
    yield from frames
    left_out.check(videos, f"feature {feature}")


def report_fit(found: Mapping[str, Projection]) -> str:
    """A line per feature: kind, sizes before and after, frames, range."""
    columns = [*words("feature", "projection"), *numbers("from", "to", "frames", "low", "high")]
    rows = [
        (
            name,
            each.kind,
            f"{each.width:,}",
            f"{each.size:,}",
            f"{each.frames:,}",
            f"{each.levels.low:g}",
            f"{each.levels.high:g}",
        )
        for name, each in found.items()
    ]
    return format_table(columns, rows)
