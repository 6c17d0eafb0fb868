"""Work on a split that several jobs share, each of which writes a file: a part of the whole."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from yt8m.errors import ArtefactError, ConfigError


@dataclass(frozen=True, order=True)
class Part:
    """Number `number`, from 0, of `of` parts. Raises ConfigError for one that there is not."""

    number: int
    of: int

    def __post_init__(self) -> None:
        if not 0 <= self.number < self.of:
            raise ConfigError(
                f"part {self.number} of {self.of}: there is no such part; they are numbered from 0"
            )

    def __str__(self) -> str:
        return f"part {self.number} of {self.of}"

    def share(self, things: int) -> range:
        """The numbers of this part's things, of so many: parts differ by at most one thing."""
        return range(self.number * things // self.of, (self.number + 1) * things // self.of)


WHOLE = Part(0, 1)
"""The only part of a split that is not divided."""


def in_order(files: Mapping[Path, Part], again: str) -> list[Path]:
    """Files of parts in the order of these. again: what makes a part, for messages.

    Raises ArtefactError unless all parts of one division are there, once each.
    """
    by_part: dict[Part, Path] = {}
    for path, part in files.items():
        if by_part.setdefault(part, path) != path:
            raise ArtefactError(f"{path}: is {part}, as is {by_part[part]}; leave one of them out")
    some, path = max(by_part.items(), key=lambda item: item[0].of)
    for part, other in by_part.items():
        if part.of != some.of:
            raise ArtefactError(
                f"{other}: is {part}, but {path} is {some}; leave the older ones out, or {again}"
            )
    if missing := some.of - len(by_part):
        first = next(part for n in count() if (part := Part(n, some.of)) not in by_part)
        more = f" and {missing - 1:,} more parts are" if missing > 1 else " is"
        raise ArtefactError(f"{path}: {first}{more} missing beside it; {again}")
    return [by_part[part] for part in sorted(by_part)]
