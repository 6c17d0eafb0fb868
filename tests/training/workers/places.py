"""Workers on the loopback interface."""

from tests.ports import free_ports
from yt8m.training.workers.addresses import Address, Place


def places(count: int) -> list[Place]:
    """The places of so many workers on this machine."""
    addresses = tuple(Address("127.0.0.1", port) for port in free_ports(count))
    return [Place(addresses, number) for number in range(count)]
