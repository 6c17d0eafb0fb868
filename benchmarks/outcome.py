"""What a race measured: rates, the processor's time, and ratios with their spread over rounds."""

from dataclasses import asdict, dataclass, field
from statistics import median


@dataclass(frozen=True)
class Measured:
    """One implementation in each round. rates: items per second. cpu: CPU seconds per item."""

    rates: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """The median over the rounds."""
        return median(self.rates)

    @property
    def cpu_seconds(self) -> float:
        """The median over the rounds, per item."""
        return median(self.cpu)


@dataclass(frozen=True)
class Ratio:
    """A median over rounds, and the smallest and the largest."""

    median: float
    least: float
    most: float


def ratio(over: list[float], under: list[float]) -> Ratio:
    """Round by round, since other load on the machine affects the runs of a round alike."""
    found = [a / b for a, b in zip(over, under, strict=True)]
    return Ratio(median(found), min(found), max(found))


@dataclass(frozen=True)
class Outcome:
    """A race's measurements.

    peers, others: by name; None for one whose package, named in `missing`, is not installed.
    limit: what bounds ours, and `limit_rate` in items per second; None without.
    """

    name: str
    unit: str
    ours: Measured
    plain: Measured
    peers: dict[str, Measured | None] = field(default_factory=dict)
    others: dict[str, Measured] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    limit: str | None = None
    limit_rate: float | None = None

    @property
    def rounds(self) -> int:
        """How often each implementation was timed."""
        return len(self.ours.rates)

    @property
    def strongest(self) -> tuple[str, Measured]:
        """Name and measurements of the fastest peer; the plain way where it beats them all."""
        ways = {name: found for name, found in self.peers.items() if found is not None}
        ways["the plain way"] = self.plain
        return max(ways.items(), key=lambda way: way[1].rate)

    def faster_than(self, other: Measured) -> Ratio:
        """Our rate over the other's."""
        return ratio(self.ours.rates, other.rates)

    def less_cpu_than(self, other: Measured) -> Ratio:
        """The other's CPU seconds over ours."""
        return ratio(other.cpu, self.ours.cpu)

    @property
    def share_of_limit(self) -> float | None:
        """Our rate as a share of the limit."""
        return self.ours.rate / self.limit_rate if self.limit_rate else None

    def as_json(self) -> dict:
        """All rounds, and what the table shows of them."""
        name, strongest = self.strongest
        return {
            **asdict(self),
            "strongest": name,
            "ratio_to_strongest": asdict(self.faster_than(strongest)),
            "cpu_ratio_to_strongest": asdict(self.less_cpu_than(strongest)),
            "ratio_to_plain": asdict(self.faster_than(self.plain)),
            "share_of_limit": self.share_of_limit,
        }
