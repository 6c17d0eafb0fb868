"""One branch of a model per feature."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import accumulate
from typing import Any

from yt8m.data.schema import Schema


@dataclass(frozen=True)
class Branch:
    """One feature's part of a model.

    feature: its name. size: its values per frame.
    clusters: number of clusters of its aggregation.
    frames: its part of the frames, symbolic float [B, T, size].
    normalisation: its part of the frames' scale and shift, symbolic float [size] each.
    """

    feature: str
    size: int
    clusters: int
    frames: Any
    normalisation: Mapping[str, Any] = field(default_factory=dict)


def normalised_branches(
    frames, mask, schema: Schema, clusters: int, share: int
) -> Iterator[Branch]:
    """Branches of frames that a layer `input_normalisation` is to normalise, with how it does.

    frames: symbolic float [B, T, F]; mask: symbolic bool [B, T]; clusters, share: see `branches`.
    """
    from yt8m.layers.standardised import FrameNorm

    scale, shift = FrameNorm(name="input_normalisation")(frames, mask=mask)
    parts = zip(_parts(scale, schema), _parts(shift, schema), strict=True)
    for branch, (its_scale, its_shift) in zip(
        branches(frames, schema, clusters, share), parts, strict=True
    ):
        yield replace(branch, normalisation={"scale": its_scale, "shift": its_shift})


def branches(frames, schema: Schema, clusters: int = 0, share: int = 1) -> Iterator[Branch]:
    """A branch per feature: the first with all clusters, every other one with 1 / share of them.

    A model without clusters passes 0. frames: symbolic float [B, T, F].
    """
    parts = _parts(frames, schema)
    for i, (feature, size) in enumerate(schema.features.items()):
        yield Branch(feature, size, clusters // share if i else clusters, parts[i])


def _parts(values, schema: Schema) -> list:
    """The last axis, [..., F], split by features."""
    from keras import ops

    *cuts, _ = accumulate(schema.features.values())
    # One split, so that the gradients of the parts are concatenated, not added up.
    return ops.split(values, cuts, axis=-1) if cuts else [values]
