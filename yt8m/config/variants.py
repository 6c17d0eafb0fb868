"""The setting `variants`: models that are made from an entry of `models` by changing settings."""

import math
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Annotated, Any

from pydantic import Field, PlainValidator

from yt8m.mistakes import Mistake, shown
from yt8m.strict import Seed, as_tuple, as_validation_error, read_inside, settings

SOURCES = ("grid", "pairs", "random")
"""Settings that give the combinations, of which an entry has at most one."""

Limit = Annotated[float, Field(ge=-1e30, le=1e30)]
Times = Annotated[int, Field(ge=1, le=1000)]
MOST = 2000
"""Most models that one entry makes unless it says otherwise: each is trained."""


@settings
class Range:
    """Numbers to draw from: whole ones if the setting is a whole number."""

    low: Limit = Field(description="the lowest number")
    high: Limit = Field(description="the highest number")
    log: bool = Field(
        False, description="draw the logarithm evenly: as many between 1 and 10 as from 10 to 100"
    )

    def problems(self) -> Iterator[tuple[str, str]]:
        """There must be numbers between the two, and logarithms of them."""
        if self.high <= self.low:
            yield "high", f"is {self.high:g}; must be more than `low`, {self.low:g}"
        elif self.log and self.low <= 0:
            yield "low", f"is {self.low:g}; must be more than 0 with `log`"


Choices = Range | tuple[Any, ...]


def _range_or_choices(value: Any) -> Choices:
    if isinstance(value, Mapping | Range):
        return read_inside(Range, value)
    if not isinstance(value, list | tuple):
        text = f"is {shown(value)}; expected {{low: ..., high: ...}} or a list of values"
        raise as_validation_error([Mistake((), text)])
    return as_tuple(value)


def _list_problems(word: str, values: Sequence[Any]) -> Iterator[tuple[str, str]]:
    """What is wrong with a list whose items are tried one after the other."""
    if not values:
        yield word, "is empty; list at least one"
    for text, count in Counter(map(_text, values)).items():
        if count > 1:
            yield word, f"lists {text:.80} {count} times; once is enough"


def _text(value: Any) -> str:
    try:
        return repr(value)
    except ValueError:  # more digits than Python converts
        return shown(value)


def _mapping_problems(word: str, values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What is wrong with a mapping from dotted paths to what is tried there."""
    if not values:
        yield word, "is empty; name a setting, such as `training.learning_rate`"
    for path, tried in values.items():
        if isinstance(tried, tuple):
            yield from _list_problems(f"{word}.{path}", tried)
    yield from _path_problems(word, values)


def _path_problems(word: str, paths: Collection[str]) -> Iterator[tuple[str, str]]:
    """Paths of which one is inside the other, so that the order would matter, and `seeds`."""
    for path in paths:
        if path == "seeds":
            yield f"{word}.{path}", "is not varied; give `seeds` as a setting of `variants`"
        above = [other for other in paths if path.startswith(f"{other}.")]
        if above:
            yield f"{word}.{path}", f"is a part of {above[0]}, which is also given; keep one"


@settings
class RandomDraws:
    """Settings drawn at random, each independently of the others and of their order."""

    count: int = Field(ge=1, le=10**6, description="combinations to draw; equal ones are made once")
    seed: Seed = Field(1, description="seed of the draws; a larger `count` only adds to them")
    settings: Mapping[str, Annotated[Choices, PlainValidator(_range_or_choices, Choices)]] = Field(
        description="dotted path -> a range of numbers, or a list of values"
    )

    def problems(self) -> Iterator[tuple[str, str]]:
        """There must be something to draw."""
        yield from _mapping_problems("settings", self.settings)


@settings
class Variants:
    """Models like an entry of `models`, but with other values of some settings.

    Settings are named by dotted paths inside such an entry, such as `training.learning_rate`. A
    mapping as a value replaces the whole setting.
    """

    of: str = Field(description="the entry of `models`")
    grid: Mapping[str, tuple[Any, ...]] | None = Field(
        None,
        description="dotted path, such as `training.learning_rate`, -> list of values; all "
        "combinations are made. A mapping as a value replaces the whole setting",
    )
    pairs: tuple[Mapping[str, Any], ...] | None = Field(
        None, description="instead of `grid`: list of combinations, each dotted path -> value"
    )
    random: RandomDraws | None = Field(
        None, description="instead of `grid`: combinations drawn at random"
    )
    seeds: Times | None = Field(
        None,
        description="how often each is trained: with `training.seed`, one more, and so on; by "
        "default as often as `of`",
    )
    limit: int = Field(MOST, ge=1, description="refuse to make more models than this")

    @property
    def source(self) -> str:
        """The setting that gives the combinations; "seeds" if there is only one of them."""
        return next((w for w in SOURCES if getattr(self, w) is not None), "seeds")

    @property
    def combinations(self) -> int:
        """The number of combinations, before equal ones are left out."""
        if self.grid is not None:
            return math.prod(map(len, self.grid.values()))
        return self.random.count if self.random else 1 if self.pairs is None else len(self.pairs)

    def problems(self) -> Iterator[tuple[str, str]]:
        """It has one source of combinations, with something in it."""
        given = [word for word in SOURCES if getattr(self, word) is not None]
        if len(given) > 1:
            yield given[1], f"cannot be combined with `{given[0]}`; write two entries of `variants`"
        if not given and self.seeds is None:
            yield "", "give `grid`, `pairs`, `random` or `seeds`: what to change"
        if self.grid is not None:
            yield from _mapping_problems("grid", self.grid)
        for pair in self.pairs or ():
            yield from _path_problems("pairs", pair)
        if self.pairs is not None:
            yield from _list_problems("pairs", [dict(sorted(pair.items())) for pair in self.pairs])
