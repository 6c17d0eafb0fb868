"""Points of models that differ in nothing but their seeds, as one row: mean and deviation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, stdev
from typing import Any

from yt8m.config.flat import flat_entry
from yt8m.config.repeated import repeated
from yt8m.errors import ArtefactError
from yt8m.frontier.points import ModelPoints, Point


@dataclass(frozen=True)
class Row:
    """A model in one encoding, over the seeds that it was trained with.

    model: the first of the models that differ in their seeds only. family: how it aggregates
    frames, `nextvlad` or `light netvlad`. size_bytes: the most that any of them takes. gap, loss:
    their means. deviation: standard deviation of their GAP (with n - 1); None for one seed.
    models: their names, in order of the seed. best: the one with the highest GAP, and its point.
    """

    model: str
    family: str
    encoding: str
    seeds: int
    size_bytes: int
    gap: float
    loss: float
    deviation: float | None
    models: tuple[str, ...]
    best: tuple[str, Point]


def rows_of(models: Sequence[ModelPoints]) -> list[Row]:
    """A row per model and encoding, the smallest first.

    Of models with equal settings and seeds only the first counts: the others are the same run.
    Raises ArtefactError for models that were evaluated on different records or differently.
    """
    _check_comparable(models)
    by_name = {found.model: found for found in sorted(models, key=lambda found: found.model)}
    settings = {name: flat_entry(found.settings) for name, found in by_name.items()}
    groups = repeated(settings)
    grouped = {name for names in groups.values() for name in names}
    # Models that equal one of these in seed, too, are left out.
    seen: dict[Any, str] = {}
    for name, entry in settings.items():
        seen.setdefault(_identity(entry), name)
    alone = {name: (name,) for name in seen.values() if name not in grouped}
    rows = [
        row
        for first, names in {**groups, **alone}.items()
        for row in _rows(first, [by_name[name] for name in names])
    ]
    return sorted(rows, key=lambda row: (row.size_bytes, -row.gap, row.model, row.encoding))


def _identity(entry: Mapping[str, Any]) -> str:
    return repr(sorted(entry.items()))


def _rows(first: str, models: Sequence[ModelPoints]) -> list[Row]:
    family = family_of(models[0].settings)
    encodings = dict.fromkeys(point.encoding for found in models for point in found.points)
    return [_row(first, family, encoding, models) for encoding in encodings]


def _row(first: str, family: str, encoding: str, models: Sequence[ModelPoints]) -> Row:
    points = [
        (found.model, point)
        for found in models
        for point in found.points
        if point.encoding == encoding
    ]
    gaps = [point.gap for _, point in points]
    return Row(
        model=first,
        family=family,
        encoding=encoding,
        seeds=len(points),
        size_bytes=max(point.size_bytes for _, point in points),
        gap=fmean(gaps),
        loss=fmean(point.loss for _, point in points),
        deviation=stdev(gaps) if len(gaps) > 1 else None,
        models=tuple(name for name, _ in points),
        best=max(points, key=lambda found: found[1].gap),
    )


def family_of(settings: Mapping[str, Any]) -> str:
    """The kind of a model, with `light` before it for a NetVLAD without residuals."""
    recipe = settings["recipe"]
    return f"light {recipe['kind']}" if recipe.get("light") else recipe["kind"]


def _check_comparable(models: Sequence[ModelPoints]) -> None:
    for word, what in (("records", "on different records"), ("top_k", "with different top_k")):
        for found in models[1:]:
            if getattr(found, word) != getattr(models[0], word):
                raise ArtefactError(
                    f"frontier: {models[0].model} and {found.model} were evaluated {what}; run "
                    "`snakemake frontier` again, and delete the points of models that the config "
                    "no longer names"
                )
