"""The combinations of settings that an entry of `variants` gives."""

import hashlib
import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from yt8m.alternatives import alternatives_of
from yt8m.config.merging import Replacement, class_inside
from yt8m.config.model import ModelConfig
from yt8m.config.variants import RandomDraws, Range, Variants
from yt8m.mistakes import Path
from yt8m.strict import hints_of

DIGITS = 3
"""Significant digits of a number that is drawn, so that it can be read and written."""


@dataclass(frozen=True)
class Combination:
    """Values of some settings. settings: dotted path -> value. place: where in `variants`."""

    settings: Mapping[str, Any]
    place: Path


def combinations(variants: Variants, base: Mapping[str, Any]) -> Iterator[Combination]:
    """All combinations, in an order that does not depend on the order of keys.

    base: settings by dotted path; whole numbers are drawn for settings that are whole numbers.
    """
    if variants.grid is not None:
        paths = sorted(variants.grid)
        for values in itertools.product(*(variants.grid[path] for path in paths)):
            yield Combination(dict(zip(paths, values, strict=True)), ("grid",))
    elif variants.pairs is not None:
        for number, pair in enumerate(variants.pairs):
            yield Combination(pair, ("pairs", number))
    elif variants.random is not None:
        for drawn in _drawn(variants.random, base):
            yield Combination(drawn, ("random", "settings"))
    else:
        yield Combination({}, ("seeds",))


def with_settings(entry: Mapping[str, Any], settings: Mapping[str, Any]) -> Mapping[str, Any]:
    """A model's entry with other values of some settings, by dotted path.

    What the entry gives in place of them, such as another interval of decays, is left out.
    """
    given = {path: value for path, value in settings.items() if value is not None}
    for path, value in given.items():
        entry = _without_rivals(entry, ModelConfig, path.split("."), value)
    for path, value in settings.items():
        entry = _with_setting(entry, path.split("."), value)
    return entry


def _without_rivals(entry: Any, cls: type | None, path: Sequence[str], value: Any) -> Any:
    """An entry, read by the class `cls`, without alternatives of the setting at this path."""
    if not isinstance(entry, dict):
        return entry
    word, *inside = path
    if not inside:
        own = {word: value}
        left = [group.without_rivals(entry, own) for group in alternatives_of(cls)]
        return type(entry)({w: v for w, v in entry.items() if all(w in each for each in left)})
    if word not in entry:
        return entry
    below = _without_rivals(entry[word], class_inside(cls, word), inside, value)
    return type(entry)({**entry, word: below})


def _with_setting(entry: Any, path: Sequence[str], value: Any) -> Any:
    if not path:
        return Replacement(value) if isinstance(value, Mapping) else value
    kind, above = (type(entry), entry) if isinstance(entry, dict) else (dict, {})
    return kind({**above, path[0]: _with_setting(above.get(path[0]), path[1:], value)})


def _drawn(random: RandomDraws, base: Mapping[str, Any]) -> list[dict[str, Any]]:
    paths = sorted(random.settings)
    columns = [
        [_value(random.settings[path], share, whole) for share in _shares(random, path)]
        for path, whole in ((path, _is_whole(path, base.get(path))) for path in paths)
    ]
    return [dict(zip(paths, values, strict=True)) for values in zip(*columns, strict=True)]


def _shares(random: RandomDraws, path: str) -> list[float]:
    """Numbers from 0 to 1, drawn for one setting alone; a larger count only adds to them."""
    import numpy as np  # planning needs it for nothing else

    digest = hashlib.sha256(path.encode()).digest()
    generator = np.random.default_rng([random.seed, *np.frombuffer(digest, "<u4").tolist()])
    return generator.random(random.count).tolist()


def _is_whole(path: str, known: Any) -> bool:
    """Whether a setting is a whole number. known: its value in the base; None if it has none."""
    if known is not None:
        return isinstance(known, int)
    *above, word = path.split(".")
    cls = ModelConfig
    for each in above:
        cls = class_inside(cls, each)
    hint = hints_of(cls).get(word) if cls else None
    return int in (hint, *get_args(hint))


def _value(values: Range | tuple[Any, ...], share: float, whole: bool) -> Any:
    """The value at a share of the way. whole: draw whole numbers, if there are any."""
    if not isinstance(values, Range):
        return values[int(share * len(values))]
    limits = values.low, values.high
    low, high = math.ceil(values.low), math.floor(values.high)
    if whole and low <= high:
        return min(high, int(_between(low, high + 1, values.log, share)))
    drawn = float(f"{_between(*limits, values.log, share):.{DIGITS}g}")
    return min(max(drawn, values.low), values.high)


def _between(low: float, high: float, log: bool, share: float) -> float:
    if log:
        return low * (high / low) ** share
    return low + share * (high - low)
