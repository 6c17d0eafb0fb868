"""The choice of an ensemble's members: the candidates with the best value of a metric."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import get_args

from yt8m.config.best import Measure
from yt8m.errors import ArtefactError
from yt8m.json_files import COUNT, NUMBER, TEXT, one_of, read_json, write_json

CHOICE = "choice.json"
"""File in an ensemble's folder."""

_CHOICE = {
    "ensemble": TEXT,
    "by": one_of(*get_args(Measure)),
    "split": TEXT,
    "records": TEXT,
    "top_k": COUNT,
    "count": COUNT,
    "candidates": [{"name": TEXT, "value": NUMBER, "weights": TEXT}],
}


@dataclass(frozen=True)
class Candidate:
    """A model that can become a member: its metric, and the digest of its weights."""

    name: str
    value: float
    weights: str


@dataclass(frozen=True)
class Choice:
    """The candidates for an ensemble, the best first, of which the first `count` are its members.

    by: the metric. split, records: where it was measured, and the digest of these records. top_k:
    predictions per video that counted.
    """

    ensemble: str
    by: Measure
    split: str
    records: str
    top_k: int
    count: int
    candidates: tuple[Candidate, ...]

    @property
    def members(self) -> list[str]:
        """The chosen models, the best first."""
        return [candidate.name for candidate in self.candidates[: self.count]]


def ranked(candidates: Collection[Candidate], by: Measure) -> list[Candidate]:
    """The candidates, the best first: that with the least loss, or the most of another metric.

    Equal ones are in the order of their names.
    """
    sign = 1 if by == "loss" else -1
    return sorted(candidates, key=lambda c: (sign * c.value, c.name))


def write_choice(path: str | Path, choice: Choice) -> None:
    """Write a choice as JSON; equal choices give equal bytes."""
    write_json(path, asdict(choice))


def read_choice(path: str | Path, ensemble: str) -> Choice:
    """The choice of an ensemble's members.

    Raises ArtefactError for anything else, also for the choice of another ensemble.
    """
    found = read_json(path, _CHOICE)
    if found["ensemble"] != ensemble:
        raise ArtefactError(f"{path}: is the choice for {found['ensemble']}, not for {ensemble}")
    candidates = tuple(Candidate(c["name"], c["value"], c["weights"]) for c in found["candidates"])
    choice = Choice(**{w: found[w] for w in _CHOICE if w != "candidates"}, candidates=candidates)
    names = {candidate.name for candidate in candidates}
    if len(names) < len(candidates) or choice.count > len(candidates):
        raise ArtefactError(
            f"{path}: has fewer candidates than members, or the same one twice; delete it to have "
            "it made again"
        )
    if list(candidates) != ranked(candidates, choice.by):
        raise ArtefactError(
            f"{path}: its candidates are not in the order of their {choice.by}; delete it to have "
            "it made again"
        )
    return choice
