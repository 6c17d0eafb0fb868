"""Which values arrays hold: an extractor's ("raw"), or those of records."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from yt8m.data.schema import Schema
from yt8m.errors import ConfigError
from yt8m.outputs.raw_frames import RawFrames
from yt8m.projections.projection import Projection

FEATURES = ("auto", "raw", "records")
"""What a user can say of arrays. With "auto", floats are raw if the graph has projections."""


@dataclass(frozen=True)
class ArrayKinds:
    """What the arrays of a graph's videos may hold.

    schema: of the records. projections: of the graph, from raw values; None if it has none.
    features: one of FEATURES. option: how the user says that, for messages.
    Raises ConfigError for raw values that no projection takes.
    """

    schema: Schema
    projections: Mapping[str, Projection] | None = None
    features: str = "auto"
    option: str = "--features {}"

    def __post_init__(self) -> None:
        if self.features == "raw" and self.projections is None:
            raise ConfigError(
                "the graph has no projections, so it takes no raw features; give those of records, "
                f"as bytes (uint8) or as floats, {self.schema.dequantisation}"
            )

    def is_raw(self, dtype: np.dtype) -> bool:
        """Whether arrays of this type are an extractor's values."""
        if self.features == "auto":
            return self.projections is not None and dtype.kind == "f"
        return self.features == "raw"

    def expected(self, is_raw: bool) -> Schema:
        """Layout and sizes of the arrays, as if they were records."""
        if not is_raw:
            return self.schema
        widths = {name: self.projections[name].width for name in self.schema.features}
        return replace(self.schema, features=widths, layout="frame", ranges={})

    def hint(self, is_raw: bool, width: int | None = None) -> str:
        """What else could be meant, for a message about shapes.

        width: values per frame of an array that should hold all features.
        """
        alone = self._alone(is_raw, width)
        if self.projections is None or (alone and width != self.schema.feature_size):
            return alone
        if is_raw:
            option = self.option.format("records")
            other = f"as the extractor computes them. For values of records: {option}"
        else:
            option = self.option.format("raw")
            other = f"as in records. For the extractor's values: floats, or {option}"
        return f"{alone}; {other}"

    def _alone(self, is_raw: bool, width: int | None) -> str:
        """What to give instead of one feature's values, if they are as wide."""
        widths = self.expected(is_raw).features
        alike = [name for name in widths if widths[name] == width]
        if not alike:
            return ""
        return (
            f"; looks like the feature {' or '.join(alike)} alone; give '{{feature}}/*.npy', a "
            f"folder with subfolders {' and '.join(widths)}, or an .npz with arrays "
            f"{', '.join(widths)}"
        )

    @cached_property
    def raw(self) -> RawFrames:
        """From raw values to frames as in records. Only if there are projections."""
        return RawFrames(self.schema, self.projections)
