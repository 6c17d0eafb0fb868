"""The division of a split's shards among jobs that only read them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class JobParts:
    """Consecutive numbers, from 0, of so many things, among jobs with `per_job` each; the last job
    may have fewer. Things that are added later change the last parts only.
    """

    things: int
    per_job: int

    @property
    def count(self) -> int:
        """The number of parts, and so of jobs."""
        return -(-self.things // self.per_job)

    @property
    def total(self) -> str:
        """The number of parts, as formatted in names of files."""
        return f"{self.count:05d}"

    @property
    def names(self) -> list[str]:
        """The number of each part, as formatted in names of files."""
        return [f"{number:05d}" for number in range(self.count)]

    def numbers(self, part: str) -> range:
        """The numbers of a part's things."""
        first = int(part) * self.per_job
        return range(first, min(first + self.per_job, self.things))

    def as_option(self, part: str) -> str:
        """A part as `--part` of a command expects."""
        return f"--part {int(part)}/{self.count}"

    def numbers_option(self, part: str) -> str:
        """The numbers of its things, as `--numbers` expects."""
        numbers = self.numbers(part)
        return f"--numbers {numbers[0]}-{numbers[-1]}"
