"""What the page shows of a comparison: columns of settings, their values, and rows as data."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from yt8m.comparison.comparison import Comparison
from yt8m.comparison.effects import all_numbers
from yt8m.comparison.rows import Row

SPANS = 10
"""A setting whose largest value is at least so many times its smallest gets a logarithmic axis."""

LONGEST = 40
"""Letters of a value that is not cut."""


@dataclass(frozen=True)
class Setting:
    """A column: its key in the data, dotted path, short title, and values, one per row.

    numeric: whether all values are numbers. log: whether they span decades.
    """

    key: str
    path: str
    title: str
    values: Sequence[Any]

    @property
    def numeric(self) -> bool:
        """Whether it is a number wherever it is given."""
        return all_numbers(self.values)

    @property
    def log(self) -> bool:
        """Whether its numbers are better seen on a logarithmic axis."""
        return self.numeric and spans_decades(self.given)

    @property
    def given(self) -> list[Any]:
        """The values of the rows that have it."""
        return [value for value in self.values if value is not None]


def spans_decades(values: Sequence[float]) -> bool:
    """Whether positive numbers differ by a factor of `SPANS` or more."""
    return min(values) > 0 and max(values) >= SPANS * min(values)


def shown_settings(comparison: Comparison) -> list[Setting]:
    """The settings that differ, with titles as short as they can be."""
    titles = short_titles(list(comparison.settings))
    return [
        Setting(f"s{place}", path, titles[path], values)
        for place, (path, values) in enumerate(comparison.settings.items())
    ]


def short_titles(paths: Sequence[str]) -> dict[str, str]:
    """Dotted path -> as many of its last words as tell it from the others."""
    return {path: _short(path, paths) for path in paths}


def _short(path: str, paths: Sequence[str]) -> str:
    words = path.split(".")
    for count in range(1, len(words)):
        end = words[-count:]
        if sum(other.split(".")[-count:] == end for other in paths) == 1:
            return ".".join(end)
    return path


def value_text(value: Any) -> str:
    """A setting's value: numbers with at most six digits, lists as JSON, cut if long."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return f"{value:.6g}" if isinstance(value, float) else str(value)
    text = value if isinstance(value, str) else json.dumps(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def row_name(comparison: Comparison, row: Row) -> str:
    """The name of a row's first graph; and how many seeds it stands for."""
    name = comparison.name(row.first)
    return name if len(row.members) == 1 else f"{name}, {len(row.members)} seeds"


def data_of(comparison: Comparison, settings: Sequence[Setting]) -> list[dict[str, Any]]:
    """The rows with short keys, for figures and for the table; without what is unknown."""
    return [
        {key: value for key, value in found.items() if value is not None}
        for found in (
            {**_numbers(comparison, row), **_values(settings, place)}
            for place, row in enumerate(comparison.rows)
        )
    ]


def _values(settings: Sequence[Setting], place: int) -> dict[str, Any]:
    found = {}
    for setting in settings:
        value = setting.values[place]
        text = None if value is None else value_text(value)
        found[setting.key] = value if setting.numeric else text
    return found


def _numbers(comparison: Comparison, row: Row) -> Mapping[str, Any]:
    against, metrics = row.against, row.metrics
    limits = against.interval if against else None
    return {
        "name": row_name(comparison, row),
        "stage": row.first.stage,
        "members": ", ".join(comparison.name(g) for g in row.members[1:]) or None,
        "same": "; ".join(also for g in row.members for also in g.also) or None,
        "chosen": 1 if row is comparison.reference or against is None else None,
        "gap": round(row.gap, 5),
        "sd": _rounded(row.spread),
        "low": _rounded(row.interval.low if row.interval else None),
        "high": _rounded(row.interval.high if row.interval else None),
        "diff": _rounded(against.value if against else None),
        "dlow": _rounded(limits.low if limits else None),
        "dhigh": _rounded(limits.high if limits else None),
        "p": float(f"{against.p:.2g}") if against and against.p is not None else None,
        "map": _rounded(metrics["map"]),
        "perr": _rounded(metrics["perr"]),
        "hit": _rounded(metrics["hit_at_one"]),
        "bytes": None if row.size_bytes is None else round(row.size_bytes),
        "seconds": None if row.seconds is None else float(f"{row.seconds:.4g}"),
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 5)
