"""The distribution of the distilled shards over jobs."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ShardJobs:
    """Jobs, each of which writes shards whose numbers differ in the last digits only.

    shards: their total number. per_job: shards per job, a power of ten.
    """

    shards: int
    per_job: int

    @property
    def total(self) -> str:
        """The number of shards, as formatted in their names."""
        return f"{self.shards:05d}"

    @property
    def numbers(self) -> list[str]:
        """The number of each shard, as formatted in its name."""
        return [f"{i:05d}" for i in range(self.shards)]

    @property
    def job_digits(self) -> int:
        """The leading digits of a shard's number, which identify its job."""
        return 5 - self._place_digits

    @property
    def places(self) -> list[str]:
        """The other digits, for all shards of a job."""
        digits = self._place_digits
        return [f"{i:0{digits}d}" if digits else "" for i in range(self.per_job)]

    @property
    def rest(self) -> list[str]:
        """Numbers of the shards of the last job, if it has fewer than `per_job`."""
        return self.numbers[self.shards // self.per_job * self.per_job :]

    def of_job(self, job: str) -> str:
        """First and last shard of a full job, as `yt8m distil --shards` expects."""
        first = int(job) * self.per_job
        return f"{first}-{first + self.per_job - 1}"

    @property
    def of_rest(self) -> str:
        """The same for the last, smaller job."""
        return f"{int(self.rest[0])}-{self.shards - 1}"

    @property
    def _place_digits(self) -> int:
        return len(str(self.per_job)) - 1
