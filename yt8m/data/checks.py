"""Checks for suspicious records: readable ones whose content is probably wrong."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, get_args

from pydantic import Field

from yt8m.errors import RecordError
from yt8m.strict import fields_of, settings

Word = Literal["refuse", "warn"]
WORDS = get_args(Word)


@settings
class Checks:
    """How to treat suspicious records: "refuse" them, or "warn" with their number."""

    ids: Word = Field(
        "refuse",
        description="ids that are empty, not valid UTF-8, look like a formula to a spreadsheet, "
        "or contain a comma, a quote, a line end or another character that a CSV "
        "cannot represent; submissions escape them",
    )
    labels: Word = Field(
        "refuse",
        description="videos without a feature `labels`, even an empty one, in a split where "
        "others have labels",
    )
    probabilities: Word = Field("refuse", description="a teacher's predictions outside 0 to 1")
    duplicates: Word = Field(
        "refuse",
        description="videos, by id, that are in the training split and in another one, or "
        "repeated in one split; repetitions in the training split only cause a warning",
    )


REFUSE_ALL = Checks()
WARN_ALL = Checks(**dict.fromkeys(fields_of(Checks), "warn"))


@dataclass(frozen=True)
class Problem:
    """A kind of problem of a record. word: of `Checks`. what: what such a record has."""

    word: str
    what: str


EMPTY_ID = Problem("ids", "an empty id")
NOT_UTF8 = Problem("ids", "an id that is not valid UTF-8")
SEPARATOR = Problem("ids", "a comma, a quote or a line end in the id")
FORMULA = Problem("ids", "an id that looks like a formula to a spreadsheet")
UNPRINTABLE = Problem("ids", "a control or invisible character in the id")
UNLABELLED = Problem("labels", "no (or half a) feature `labels`, which others of the split have")
NOT_PROBABILITIES = Problem("probabilities", "a teacher's predictions outside 0 to 1")


@dataclass
class Problems:
    """How many records have each problem, with the first of them: Problem -> (n, example)."""

    found: dict[Problem, tuple[int, str]] = field(default_factory=dict)

    def add(self, problem: Problem, example: str, count: int = 1) -> None:
        """Count records. example: where the first of them is, and what is there."""
        before, first = self.found.get(problem, (0, example))
        self.found[problem] = (before + count, first)

    def add_all(self, others: Iterable["Problems"]) -> None:
        """Count those of other shards."""
        for other in others:
            for problem, (count, example) in other.found.items():
                self.add(problem, example, count)

    def lines(self, checks: Checks, does: str, labels: int) -> dict[Problem, str]:
        """A line for each problem that the settings treat in this way.

        does: "refuse" or "warn". labels: number of labels of all videos together; if 0, the split
            is unlabelled, and missing labels are no problem.
        """
        return {
            problem: f"{_records(count)} {problem.what}: {first}"
            for problem, (count, first) in self.found.items()
            if getattr(checks, problem.word) == does and (labels or problem != UNLABELLED)
        }


def _records(count: int) -> str:
    return "1 record has" if count == 1 else f"{count:,} records have"


def settle(problems: Problems, checks: Checks, labels: int, split: str) -> list[str]:
    """Lines to warn with. Raises RecordError, naming the settings, where records are refused."""
    refused = problems.lines(checks, "refuse", labels)
    if refused:
        settings = sorted({f"dataset.checks.{problem.word}" for problem in refused})
        lines = "\n  ".join(refused.values())
        raise RecordError(
            f"split {split}: has suspicious records:\n  {lines}\n"
            f"Write the shards again without them, or accept them: {', '.join(settings)}: warn."
        )
    warned = problems.lines(checks, "warn", labels)
    return [f"split {split}: warning: {line}" for line in warned.values()]
