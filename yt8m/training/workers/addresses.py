"""The addresses of the workers that train one model together, and which of them this process is."""

from collections.abc import Sequence
from dataclasses import dataclass

CHIEF = 0
"""The number of the worker that writes everything."""

JOINING_SECONDS = 300
"""How long workers wait for each other, unless it is said otherwise."""


@dataclass(frozen=True)
class Address:
    """Where a worker is reached by the others. port: from 1 to 65,535."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@dataclass(frozen=True)
class Place:
    """The addresses of all workers, in the order of their numbers, and the number of this one.

    Raises ValueError for fewer than two workers, an address that is there twice, and a number that
    no worker has.
    """

    addresses: tuple[Address, ...]
    number: int

    def __post_init__(self) -> None:
        if len(self.addresses) < 2:
            raise ValueError("names one worker; expected two or more, such as a:2222,b:2222")
        twice = [a for a in self.addresses if self.addresses.count(a) > 1]
        if twice:
            raise ValueError(f"names {twice[0]} twice; each worker needs an address of its own")
        if not 0 <= self.number < len(self.addresses):
            raise ValueError(
                f"names {len(self.addresses)} workers, so this one is number 0 to "
                f"{len(self.addresses) - 1}, not {self.number}"
            )

    @property
    def is_chief(self) -> bool:
        """Whether this is the worker that writes everything."""
        return self.number == CHIEF

    @property
    def own(self) -> Address:
        """The address of this worker."""
        return self.addresses[self.number]

    @property
    def others(self) -> Sequence[int]:
        """The numbers of all workers but this one."""
        return [number for number in range(len(self.addresses)) if number != self.number]

    def name_of(self, number: int) -> str:
        """A worker, for messages, such as "worker 1 (node7:2222)"."""
        return f"worker {number} ({self.addresses[number]})"


def read_addresses(text: str) -> tuple[Address, ...]:
    """The addresses in a text such as "node1:2222,node2:2222" or "[::1]:2222,[::1]:2223".

    Raises ValueError for a text of another form.
    """
    return tuple(_address(word.strip()) for word in text.split(","))


def _address(word: str) -> Address:
    host, colon, port = word.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not (colon and host and port.isdecimal() and 1 <= int(port) <= 65_535):
        raise ValueError(f"{word!r} is not HOST:PORT, such as node1:2222")
    return Address(host, int(port))
