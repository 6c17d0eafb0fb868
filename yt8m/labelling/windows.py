"""Parts of a video in time."""

from dataclasses import dataclass

from yt8m.errors import ConfigError

Part = tuple[int, int]
"""First second, and the one after the last."""


@dataclass(frozen=True)
class Windows:
    """A window of `length` seconds begins every `every` seconds.

    Those at a video's end are shorter. Raises ConfigError for less than a second.
    """

    every: int
    length: int

    def __post_init__(self) -> None:
        if self.every < 1 or self.length < 1:
            raise ConfigError(
                f"windows of {self.length} seconds, every {self.every}: give 1 second or more"
            )

    def of(self, seconds: int) -> list[Part]:
        """The windows of a video."""
        starts = range(0, seconds, self.every)
        return [(start, min(start + self.length, seconds)) for start in starts]
