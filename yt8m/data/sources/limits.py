"""Limits on the number of shards, and on the lengths of videos with generated frames."""

from yt8m.data.schema import Schema
from yt8m.errors import ConfigError

MOST_SHARDS = 99_999
"""Most shards of a split: their numbers have five digits in file names."""


def check_lengths(frames_min: int, frames_max: int, schema: Schema, where: str) -> None:
    """Raises ConfigError unless videos of these lengths (in frames) fit the schema."""
    if not 1 <= frames_min <= frames_max <= schema.max_frames:
        raise ConfigError(
            f"{where}: frames_min is {frames_min} and frames_max {frames_max}; "
            f"needs 1 <= frames_min <= frames_max <= {schema.max_frames} "
            "(dataset.max_frames); set what does not fit, which may be a default"
        )
