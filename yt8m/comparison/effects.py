"""What single settings are worth: means per value in a grid, rank correlations otherwise.

Values of a setting can be compared where other settings are the same: in the combinations of all
others in which each of its values occurs. A grid has many of them, randomly drawn settings none;
there only the rank correlation with GAP is left, in which the other settings are noise.
"""

import json
import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from yt8m.comparison.graphs import ENSEMBLE
from yt8m.comparison.rows import Row
from yt8m.config.repeated import SEED

LEAST_SHARE = 0.5
"""Share of the rows with a setting that must be compared; fewer are alike by chance."""

FEWEST_FOR_RANKS = 8
"""ASSUME that a rank correlation of fewer rows says nothing."""


@dataclass(frozen=True)
class ValueEffect:
    """GAP of the rows with one value of a setting.

    mean, spread: over `combinations` of the other settings; spread is None for one. from_best: mean
    over the same combinations of the difference from the best value.
    """

    value: Any
    mean: float
    spread: float | None
    from_best: float


@dataclass(frozen=True)
class Effect:
    """What is known of a setting: values compared in a number of combinations of all others, the
    best first; or, without such, the rank correlation with GAP of `rows` rows, if it has one.
    """

    setting: str
    combinations: int = 0
    values: tuple[ValueEffect, ...] = ()
    rank_correlation: float | None = None
    rows: int = 0


def effects(rows: Sequence[Row], settings: Mapping[str, Sequence[Any]]) -> list[Effect]:
    """Of every setting that differs between models. settings: dotted path -> value in each row."""
    places = [place for place, row in enumerate(rows) if row.first.stage != ENSEMBLE]
    gaps = [rows[place].gap for place in places]
    columns = {path: [column[place] for place in places] for path, column in settings.items()}
    columns = {p: c for p, c in columns.items() if p != SEED and len(set(map(_text, c))) > 1}
    return [_in_grid(p, columns, gaps) or _by_rank(p, columns[p], gaps) for p in columns]


def _in_grid(
    path: str, settings: Mapping[str, Sequence[Any]], gaps: Sequence[float]
) -> Effect | None:
    """None if most rows with this setting have none that differ in it alone, as in random draws."""
    others = [column for other, column in settings.items() if other != path]
    combinations: dict[str, dict[str, list[float]]] = {}
    for place, gap in enumerate(gaps):
        if settings[path][place] is not None:
            key = _text([column[place] for column in others])
            cell = combinations.setdefault(key, {}).setdefault(_text(settings[path][place]), [])
            cell.append(gap)
    compared = _complete(list(combinations.values()))
    given = sum(value is not None for value in settings[path])
    if not compared or len(compared) * len(compared[0]) < LEAST_SHARE * given:
        return None
    means = {v: [statistics.fmean(found[v]) for found in compared] for v in compared[0]}
    best = max(means, key=lambda value: statistics.fmean(means[value]))
    values = [_value_effect(value, found, means[best]) for value, found in means.items()]
    values.sort(key=lambda each: -each.mean)
    return Effect(path, len(compared), tuple(values))


def _complete(combinations: Sequence[Mapping[str, list[float]]]) -> list[Mapping]:
    """Those with the same two or more values: the values for which there are most rows."""
    rows: Counter[frozenset[str]] = Counter()
    for found in combinations:
        if len(found) > 1:
            rows[frozenset(found)] += len(found)
    if not rows:
        return []
    values = rows.most_common(1)[0][0]
    return [found for found in combinations if frozenset(found) == values]


def _value_effect(value: str, gaps: Sequence[float], of_best: Sequence[float]) -> ValueEffect:
    mean = statistics.fmean(gaps)
    spread = statistics.stdev(gaps) if len(gaps) > 1 else None
    return ValueEffect(json.loads(value), mean, spread, mean - statistics.fmean(of_best))


def _by_rank(path: str, values: Sequence[Any], gaps: Sequence[float]) -> Effect:
    """Spearman's rank correlation of a setting of three or more numbers with GAP."""
    frame = pd.DataFrame(
        [(v, gap) for v, gap in zip(values, gaps, strict=True) if is_number(v)],
        columns=["value", "gap"],
        dtype="float64",
    )
    if len(frame) < FEWEST_FOR_RANKS or frame["value"].nunique() < 3 or not all_numbers(values):
        return Effect(path, rows=len(frame))
    found = frame["value"].rank().corr(frame["gap"].rank())
    return Effect(path, rank_correlation=None if pd.isna(found) else float(found), rows=len(frame))


def is_number(value: Any) -> bool:
    """Whether a setting's value is a number."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def all_numbers(values: Sequence[Any]) -> bool:
    """Whether a setting is a number wherever it is given."""
    given = [value for value in values if value is not None]
    return bool(given) and all(map(is_number, given))


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True)
