"""What a result of an evaluation is about."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Self

from yt8m.errors import ArtefactError


@dataclass(frozen=True)
class Origin:
    """What was predicted by what: a split's name, and digests of the graph and of the records."""

    split: str
    graph: str
    records: str

    @classmethod
    def of(cls, metadata: Mapping[str, str]) -> Self:
        """The origin that a file's metadata has among others. Raises KeyError if it lacks it."""
        return cls(*(metadata[field.name] for field in fields(cls)))

    def check(
        self,
        path: Path,
        graph: str | None,
        records: str | None,
        holds: str = "is about",
        again: str = "evaluate again",
    ) -> None:
        """Raises ArtefactError if a file of this origin is not about the expected ones.

        graph, records: their digests, where known. holds, again: words of the message.
        """
        others = {"another graph": (graph, self.graph), "other records": (records, self.records)}
        for what, (expected, found) in others.items():
            if expected not in (None, found):
                raise ArtefactError(f"{path}: {holds} {what}; delete it and {again}")
