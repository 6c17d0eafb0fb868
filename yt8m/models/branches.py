"""One branch of a model per feature."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any

from yt8m.data.schema import Schema


@dataclass(frozen=True)
class ScaledParts:
    """Frames of which only products are needed, for recipes with the attribute `reads_parts`.

    values: symbolic float [B, T, size] of each feature, of any length.
    scale: symbolic float [B, T, 1]; all features times it have unit length together.
    """

    values: Sequence[Any]
    scale: Any


@dataclass(frozen=True)
class Branch:
    """One feature's part of a model.

    feature: its name. size: its values per frame.
    clusters: number of clusters of its aggregation.
    frames: its part of the frames, symbolic float [B, T, size].
    affine: how its frames are normalised; None if they are already.
    """

    feature: str
    size: int
    clusters: int
    frames: Any
    affine: Any = None


def normalised_branches(
    frames: ScaledParts, mask, schema: Schema, clusters: int, share: int
) -> Iterator[Branch]:
    """Branches of frames that a layer `input_normalisation` is to normalise, with how it does.

    mask: symbolic bool [B, T]; clusters, share: see `branches`.
    """
    from yt8m.layers.standardised import Affine, FrameNorm

    norm = FrameNorm(name="input_normalisation")
    found = [_parts(v, schema) for v in norm(frames.values, frames.scale, mask=mask)]
    affine = [Affine(frames.scale, *pair) for pair in zip(*found, strict=True)]
    for branch, its in zip(_branches(frames.values, schema, clusters, share), affine, strict=True):
        yield replace(branch, affine=its)


def branches(frames, schema: Schema, clusters: int = 0, share: int = 1) -> Iterator[Branch]:
    """A branch per feature: the first with all clusters, every other one with 1 / share of them.

    A model without clusters passes 0. frames: symbolic float [B, T, F].
    """
    return _branches(_parts(frames, schema), schema, clusters, share)


def _branches(parts: Sequence, schema: Schema, clusters: int, share: int) -> Iterator[Branch]:
    for i, (feature, size) in enumerate(schema.features.items()):
        yield Branch(feature, size, clusters // share if i else clusters, parts[i])


def _parts(values, schema: Schema) -> list:
    """The last axis, [..., F], split by features."""
    from keras import ops

    *cuts, _ = accumulate(schema.features.values())
    # One split, so that the gradients of the parts are concatenated, not added up.
    return ops.split(values, cuts, axis=-1) if cuts else [values]
