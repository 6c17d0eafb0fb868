"""What a run makes, by name, as `run.json` has it: what the report and other readers go by."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from yt8m.json_files import TEXT, read_json

SHAPE = {
    "final": TEXT,
    "train": TEXT,
    "evaluate": [TEXT],
    "models": [TEXT],
    "ensembles": [TEXT],
    "imported": [TEXT],
    "learning": [TEXT],
}
"""Of `made` in `run.json` (see `yt8m.json_files`)."""


@dataclass(frozen=True)
class Facts:
    """Names of what a run makes.

    final: the ensemble that is the product. train: the split that models learn from. evaluate:
    those that everything is scored on; the first is the one that figures show. ensembles: all of
    them. imported: of these, those made elsewhere. learning: those whose weights are learned.
    """

    final: str
    train: str
    evaluate: tuple[str, ...]
    models: tuple[str, ...]
    ensembles: tuple[str, ...]
    imported: tuple[str, ...] = ()
    learning: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The same as JSON has it."""
        return asdict(self)


def read_facts(run: str | Path) -> Facts:
    """Those in a `run.json`. Raises ArtefactError when it is missing, damaged or has none."""
    made = read_json(run, {"made": SHAPE})["made"]
    return Facts(
        **{w: tuple(v) if isinstance(v, list) else v for w, v in made.items() if w in SHAPE}
    )
