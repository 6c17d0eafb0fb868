"""The names of what a run makes, as stored in `run.json` for the report and other readers."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from yt8m.json_files import TEXT, Maybe, read_json

SHAPE = {
    "final": TEXT,
    "train": TEXT,
    "evaluate": [TEXT],
    "models": [TEXT],
    "ensembles": [TEXT],
    "imported": [TEXT],
    "learning": [TEXT],
    "chosen": Maybe([TEXT]),
}
"""Shape of `made` in `run.json` (see `yt8m.json_files`)."""


@dataclass(frozen=True)
class Facts:
    """Names of what a run makes.

    final: the ensemble to deliver. train: the training split. evaluate: splits for evaluation; the
        figures show the first. ensembles: all ensembles. imported: those imported from other runs.
    learning: those whose weights are learned. chosen: those whose members were chosen.
    """

    final: str
    train: str
    evaluate: tuple[str, ...]
    models: tuple[str, ...]
    ensembles: tuple[str, ...]
    imported: tuple[str, ...] = ()
    learning: tuple[str, ...] = ()
    chosen: tuple[str, ...] = ()

    @property
    def held_out(self) -> str | None:
        """The first evaluated split besides the training split, if any."""
        return next((split for split in self.evaluate if split != self.train), None)

    def as_json(self) -> dict[str, Any]:
        """The facts as a JSON value."""
        return asdict(self)


def read_facts(run: str | Path) -> Facts:
    """The facts in a `run.json`. Raises ArtefactError if it is missing, damaged or has none."""
    made = read_json(run, {"made": SHAPE})["made"]
    known = {w: v for w, v in made.items() if w in SHAPE and v is not None}
    return Facts(**{w: tuple(v) if isinstance(v, list) else v for w, v in known.items()})
