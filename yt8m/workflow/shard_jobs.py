"""How the distilled shards are shared out among jobs."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ShardJobs:
    """Jobs that write shards whose numbers differ in the last digits only.

    shards: how many there are. per_job: a power of ten.
    """

    shards: int
    per_job: int

    @property
    def total(self) -> str:
        """The number of shards as their names have it."""
        return f"{self.shards:05d}"

    @property
    def numbers(self) -> list[str]:
        """Every shard's number as its name has it."""
        return [f"{i:05d}" for i in range(self.shards)]

    @property
    def job_digits(self) -> int:
        """Digits of a shard's number that are the number of its job."""
        return 5 - self._place_digits

    @property
    def places(self) -> list[str]:
        """The other digits, of all shards of a job."""
        digits = self._place_digits
        return [f"{i:0{digits}d}" if digits else "" for i in range(self.per_job)]

    @property
    def rest(self) -> list[str]:
        """Numbers of the shards of the last job, if it is not full."""
        return self.numbers[self.shards // self.per_job * self.per_job :]

    def of_job(self, job: str) -> str:
        """First and last shard of a full job, as `yt8m distil --shards` wants them."""
        first = int(job) * self.per_job
        return f"{first}-{first + self.per_job - 1}"

    @property
    def of_rest(self) -> str:
        """The same of the job that is not full."""
        return f"{int(self.rest[0])}-{self.shards - 1}"

    @property
    def _place_digits(self) -> int:
        return len(str(self.per_job)) - 1
