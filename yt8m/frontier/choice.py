"""The model and the encoding to choose for a byte budget, and the config entry to make it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from yt8m.errors import ArtefactError
from yt8m.frontier.points import FLOAT32, PLANNING
from yt8m.frontier.rows import Row

ENSEMBLE = "final"
"""Name of the ensemble in the entry to paste."""


@dataclass(frozen=True)
class Choice:
    """The best row within a budget, and the best of any other model, if one fits."""

    budget_bytes: int
    row: Row
    runner_up: Row | None

    @property
    def lead(self) -> float | None:
        """How much higher the mean GAP is than the runner-up's; None without one."""
        return None if self.runner_up is None else self.row.gap - self.runner_up.gap

    @property
    def deviation(self) -> float | None:
        """The larger standard deviation over seeds of the two; None if none is known."""
        rows = [row for row in (self.row, self.runner_up) if row is not None]
        known = [row.deviation for row in rows if row.deviation is not None]
        return max(known, default=None)

    @property
    def is_close(self) -> bool:
        """Whether the runner-up is within one standard deviation."""
        known = self.lead is not None and self.deviation is not None
        return known and self.lead <= self.deviation


def choose(rows: Sequence[Row], budget_bytes: int) -> Choice:
    """The row with the highest mean GAP that fits; of equal ones, that with the fewest bytes.

    Raises ArtefactError if none fits.
    """
    if not rows:
        raise ArtefactError("frontier: no model has been measured yet")
    fitting = [row for row in rows if row.size_bytes <= budget_bytes]
    if not fitting:
        least = min(rows, key=lambda row: row.size_bytes)
        raise ArtefactError(
            f"frontier: nothing fits {budget_bytes:,} bytes; the smallest is {least.model}, "
            f"{least.encoding}, with {least.size_bytes:,} bytes"
        )
    ranked = sorted(fitting, key=lambda row: (-row.gap, row.size_bytes))
    best = ranked[0]
    others = (row for row in ranked if row.model != best.model)
    return Choice(budget_bytes, best, next(others, None))


def config_entry(choice: Choice, compress: Mapping[str, Any], stage: str) -> dict[str, Any]:
    """The ensemble of the chosen model within the budget, as the entry of a config.

    compress: the settings of the frontier's plans. stage: of the weights that it was measured with.
    The mark `!` replaces the ensemble of that name, with which it would be merged otherwise. A
    quantiser is the only one that a plan may choose: variables that fit as float32 stay float32.
    """
    model, point = choice.row.best
    found: dict[str, Any] = {"members": {model: 1.0}, "budget_bytes": choice.budget_bytes}
    if point.encoding == FLOAT32:
        found["stage"] = stage
    else:
        own = {"quantisers": [dict(point.quantiser)]} if point.quantiser else {}
        found["compress"] = {word: compress[word] for word in PLANNING} | own
    return {"run": {"final": ENSEMBLE}, "ensembles": {f"{ENSEMBLE}!": found}}
