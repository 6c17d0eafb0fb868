"""How workers meet before they train: all report to the chief, which says to begin, or why not.

Each worker listens on its own port until then, so a port that is taken is found before TensorFlow
wants it. The connections to the chief stay open; see `yt8m.training.workers.links`.
"""

import socket
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager

from yt8m.errors import TrainingError
from yt8m.training.workers.addresses import CHIEF, Place
from yt8m.training.workers.agreement import Claims, difference
from yt8m.training.workers.listening import listening
from yt8m.training.workers.messages import NotAWorkerError, prepare, receive, send

ANSWER = 5.0
"""Seconds that the other end of a new connection has to speak as a worker."""

PAUSE = 0.2
"""Seconds between two attempts to reach the chief."""

Connections = Mapping[int, socket.socket]
"""Connections to other workers by their numbers."""


def meet(place: Place, claims: Claims, patience: float) -> Connections:
    """Wait for all workers: the connections of the chief to all others, or of another to the chief.

    patience: seconds to wait. Raises TrainingError on all workers if one has other claims than the
    chief or does not come, and on this one if its port is taken.
    """
    _check_names(place)
    deadline = time.monotonic() + patience
    with listening(place) as listener:
        if place.is_chief:
            return _receive_all(place, claims, listener, deadline, patience)
        return {CHIEF: _report(place, claims, deadline, patience)}


def _check_names(place: Place) -> None:
    for number, address in enumerate(place.addresses):
        try:
            socket.getaddrinfo(address.host, address.port)
        except OSError as error:
            raise TrainingError(
                f"{place.name_of(number)}: no machine is known by the name {address.host!r} here "
                f"({error.strerror}); look for a mistake in --workers, or give its IP address"
            ) from None


def _receive_all(
    place: Place, claims: Claims, listener: socket.socket, deadline: float, patience: float
) -> Connections:
    """The chief's part: wait for the reports of all others, and compare them."""
    found: dict[int, socket.socket] = {}
    reports = {CHIEF: claims}
    with ExitStack() as opened:
        while missing := [n for n in place.others if n not in found or _has_hung_up(found[n])]:
            listener.settimeout(max(deadline - time.monotonic(), 0.001))
            try:
                connection, _ = listener.accept()
            except TimeoutError:
                raise _refused(found, _missing(place, missing, patience)) from None
            opened.enter_context(connection)
            number = _heard(place, connection, found, reports)
            if number is not None:
                found[number] = connection
        if text := difference(place, reports):
            raise _refused(found, text)
        for number, connection in found.items():
            with _naming(place, number):
                send(connection, "begin")
        opened.pop_all()
    return found


def _missing(place: Place, numbers: Iterable[int], patience: float) -> str:
    names = " and ".join(map(place.name_of, numbers))
    return (
        f"{names} did not come within {patience:g} seconds; look at the output there, and whether "
        "a firewall is between"
    )


def _heard(
    place: Place,
    connection: socket.socket,
    found: Connections,
    reports: dict[int, Claims],
) -> int | None:
    """Take a report. Returns the worker's number; None for anything that is not one."""
    try:
        prepare(connection)
        connection.settimeout(ANSWER)
        words, _ = receive(connection, most_bytes=0)
        number, claims = words["number"], words["claims"]
        is_report = words["kind"] == "report" and isinstance(claims, dict)
        if not is_report or number not in place.others:
            raise NotAWorkerError
        if number in found and not _has_hung_up(found[number]):
            send(connection, "refused", text=f"{place.name_of(number)} is there already")
            raise NotAWorkerError
        send(connection, "wait")
        connection.settimeout(None)
    except (OSError, NotAWorkerError, KeyError, TypeError):
        connection.close()
        return None
    reports[number] = claims
    return number


def _has_hung_up(connection: socket.socket) -> bool:
    """Whether the other end, which has nothing to say before it is told to begin, is gone."""
    try:
        return connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True


def _refused(found: Connections, text: str) -> TrainingError:
    for connection in found.values():
        try:
            send(connection, "refused", text=text)
        except OSError:
            continue
    return TrainingError(text)


def _report(place: Place, claims: Claims, deadline: float, patience: float) -> socket.socket:
    """The part of all but the chief: report to it, and wait until it says to begin."""
    while True:
        try:
            connection = _reached(place, claims)
        except (OSError, NotAWorkerError):
            if time.monotonic() > deadline:
                raise TrainingError(
                    f"{place.name_of(CHIEF)} was not reached within {patience:g} seconds; look at "
                    "the output there, and whether a firewall is between"
                ) from None
            time.sleep(PAUSE)
            continue
        with ExitStack() as opened:
            opened.enter_context(connection)
            with _naming(place, CHIEF):
                words, _ = receive(connection)
            if words["kind"] != "begin":
                raise TrainingError(words["text"])
            opened.pop_all()
        return connection


def _reached(place: Place, claims: Claims) -> socket.socket:
    """A connection to a chief that has taken the report of this worker.

    Raises OSError and NotAWorkerError while there is none.
    """
    chief = place.addresses[CHIEF]
    connection = socket.create_connection((chief.host, chief.port), timeout=ANSWER)
    try:
        prepare(connection)
        connection.settimeout(ANSWER)
        send(connection, "report", number=place.number, claims=claims)
        words, _ = receive(connection)
        if words.get("kind") == "refused":
            raise TrainingError(words["text"])
        if words.get("kind") != "wait":  # such as a port that is connected to itself
            raise NotAWorkerError
        connection.settimeout(None)
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def _naming(place: Place, number: int) -> Iterator[None]:
    """Raises TrainingError, naming the worker, if the connection to it is lost in the block."""
    try:
        yield
    except (OSError, NotAWorkerError):
        raise TrainingError(
            f"{place.name_of(number)} is gone, before training had begun; start all workers again"
        ) from None
