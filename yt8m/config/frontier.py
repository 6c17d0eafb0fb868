"""The setting `frontier`: which models are stored in how many bytes, to compare all sizes."""

from collections.abc import Iterator

from pydantic import Field

from yt8m.config.compression import Compression, bits, repeated_values
from yt8m.config.sizes import Size
from yt8m.protocols import Quantiser
from yt8m.recipes import some_of
from yt8m.strict import settings


@settings
class Frontier:
    """GAP against bytes: each model stored in several ways, all of which are evaluated."""

    models: tuple[str, ...] = Field(
        (),
        description="models to store and evaluate; a model with `seeds` or `variants` stands for "
        "all that are made from it. None: no frontier",
    )
    quantisers: tuple[Quantiser, ...] = some_of(
        "yt8m.compression.quantisers",
        *bits("kmeans", 2, 3, 4, 8),
        description="encodings that are tried for all large variables alike; float32 is always "
        "tried, too",
    )
    budgets: tuple[Size, ...] = Field(
        (500_000, 1_000_000, 2_000_000, 5_000_000, 10_000_000, 20_000_000, 40_000_000),
        description="budgets for which each variable gets an encoding of its own; those that are "
        "too small for a model, or larger than its float32 weights, are left out",
    )
    compress: Compression = Field(
        default_factory=Compression,
        description="how that is planned; its `stage` and `min_elements` also apply to "
        "`quantisers`",
    )
    split: str | None = Field(
        None, description="labelled split to evaluate on; by default the first of run.evaluate"
    )

    def problems(self) -> Iterator[tuple[str, str]]:
        """Everything is given once; what happens after a plan does not apply."""
        yield from repeated_values(self, "models", "quantisers", "budgets")
        if self.compress.recovery.is_needed:
            yield "compress.recovery", "applies to an ensemble only; leave it out"
        if self.compress.sweep:
            yield "compress.sweep", "applies to an ensemble only; set `budgets` instead"
