"""What a result of an evaluation is about."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Origin:
    """What was predicted by what: a split's name, and digests of the graph and of the records."""

    split: str
    graph: str
    records: str

    def other_than(self, graph: str | None, records: str | None) -> str | None:
        """What differs from the expected digests, in words; None if nothing that is known does."""
        if graph not in (None, self.graph):
            return "another graph"
        return None if records in (None, self.records) else "other records"
