"""Workers report to the chief, and all begin, or none does."""

import socket
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest

from tests.training.workers.places import places
from yt8m.errors import TrainingError
from yt8m.training.workers import listening, meeting
from yt8m.training.workers.addresses import Address, Place
from yt8m.training.workers.meeting import meet

CLAIMS = {"version of yt8m": "1", "training split": "abc", "saved state": "none"}


def outcomes(all_places, claims, patience=120.0):
    """What each worker gets, or the text of its error."""

    def one(place, own):
        try:
            return meet(place, own, patience)
        except TrainingError as error:
            return str(error)

    with ThreadPoolExecutor(len(all_places)) as pool:
        found = list(pool.map(one, all_places, claims))
    for connections in found:
        for connection in connections.values() if isinstance(connections, dict) else ():
            connection.close()
    return found


def test_all_workers_are_connected_to_the_chief_and_leave_their_ports():
    three = places(3)
    found = outcomes(three, [CLAIMS] * 3)
    assert [set(connections) for connections in found] == [{1, 2}, {0}, {0}]
    for place in three:
        socket.create_server(("", place.own.port)).close()


@pytest.mark.parametrize(
    ("what", "other", "remedy"),
    [
        ("version of yt8m", "2", "install the same version everywhere"),
        ("training split", "abd", "give every worker the same files"),
        ("saved state", "step 12 (0a)", "--state must be the same folder, on a file system"),
    ],
)
def test_a_difference_ends_all_and_names_the_worker(what, other, remedy):
    three = places(3)
    found = outcomes(three, [CLAIMS, CLAIMS, CLAIMS | {what: other}])
    text = (
        f"{three[0].name_of(2)} has another {what} than {three[0].name_of(0)}: {other}, not "
        f"{CLAIMS[what]}; {remedy}"
    )
    assert all(said.startswith(text) for said in found)


def test_a_worker_that_does_not_come_is_named_on_all_others(monkeypatch):
    three, now, heard = places(3), [0.0], meeting._heard

    def heard_late(*given):
        number = heard(*given)
        now[0] += 120
        return number

    monkeypatch.setattr(meeting, "_heard", heard_late)
    monkeypatch.setattr(
        meeting, "time", SimpleNamespace(monotonic=lambda: now[0], sleep=time.sleep)
    )
    said = (
        f"{three[0].name_of(2)} did not come within 120 seconds; look at the output there, and "
        "whether a firewall is between"
    )
    assert outcomes(three[:2], [CLAIMS] * 2) == [said] * 2


def test_a_chief_that_does_not_come_is_named():
    (said,) = outcomes(places(2)[1:], [CLAIMS], patience=0.3)
    assert "worker 0 (127.0.0.1:" in said and "was not reached within 0.3 seconds" in said


@pytest.mark.parametrize("number", [0, 1])
def test_a_port_that_is_taken_is_named(monkeypatch, number):
    monkeypatch.setattr(listening, "PATIENCE", 0.3)
    two = places(2)
    with socket.create_server(("127.0.0.1", two[number].own.port)):
        (said,) = outcomes([two[number]], [CLAIMS])
    port = two[number].own.port
    assert said.startswith(f"worker {number} (127.0.0.1:{port}): port {port} of this machine is ta")


def test_a_process_that_is_about_to_leave_the_port_is_waited_for():
    two = places(2)
    with ThreadPoolExecutor(1) as beside:
        listener = socket.create_server(("127.0.0.1", two[0].own.port))
        beside.submit(lambda: (time.sleep(0.5), listener.close()))
        assert [set(c) for c in outcomes(two, [CLAIMS] * 2)] == [{1}, {0}]


@pytest.mark.parametrize(
    "bytes_sent",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        b"yt8m" + b"\xff" * 20,
        b"yt8m\0\0\0\2" + b"\0" * 8 + b"[]",
        b"yt8m\0\0\0\2" + b"\0" * 8 + b"{}",
        b"yt8m\0\0\0\x2c" + b"\0" * 8 + b'{"kind": "report", "number": 1, "claims": 7}',
    ],
)
def test_what_is_no_worker_is_left_out(bytes_sent):
    two = places(2)
    with ThreadPoolExecutor(2) as pool:
        chief = pool.submit(outcomes, two[:1], [CLAIMS])
        while True:
            try:
                stranger = socket.create_connection(("127.0.0.1", two[0].own.port))
                break
            except ConnectionRefusedError:
                time.sleep(0.01)
        stranger.sendall(bytes_sent)
        helper = pool.submit(outcomes, two[1:], [CLAIMS])
        assert set(chief.result()[0]) == {1} and set(helper.result()[0]) == {0}
    stranger.close()


def test_a_worker_that_was_started_again_takes_the_place_of_the_one_that_ended():
    three = places(3)
    with ThreadPoolExecutor(2) as beside:
        chief = beside.submit(outcomes, three[:1], [CLAIMS])
        reported(three[1]).close()
        last = beside.submit(outcomes, three[2:], [CLAIMS])
        time.sleep(0.1)  # in which the last worker reports, and the other one is missing
        assert [set(c) for c in outcomes(three[1:2], [CLAIMS])] == [{0}]
        assert [set(c) for c in last.result()] == [{0}]
        assert set(chief.result()[0]) == {1, 2}


def test_the_second_of_two_workers_with_one_number_is_refused():
    three = places(3)
    with ThreadPoolExecutor(2) as pool:
        chief = pool.submit(outcomes, three[:1], [CLAIMS])
        first = reported(three[1])
        (said,) = outcomes(three[1:2], [CLAIMS])
        last = pool.submit(outcomes, three[2:], [CLAIMS])
        assert said == f"{three[1].name_of(1)} is there already"
        assert set(chief.result()[0]) == {1, 2} and set(last.result()[0]) == {0}
    first.close()


def reported(place):
    """A connection of a worker that has reported to the chief, once that listens."""
    while True:
        try:
            return meeting._reached(place, CLAIMS)
        except ConnectionRefusedError:
            time.sleep(0.01)


def test_a_name_that_no_machine_has_is_refused_at_once():
    addresses = (Address("127.0.0.1", 2222), Address("no-such-machine.invalid", 2222))
    (said,) = outcomes([Place(addresses, 0)], [CLAIMS])
    assert said.startswith(
        "worker 1 (no-such-machine.invalid:2222): no machine is known by the name "
        "'no-such-machine.invalid' here"
    )


@pytest.mark.parametrize("number", [0, 1])
def test_what_a_refusal_leaves_is_closed(number):
    """On the chief and on another worker, although the error is kept."""
    two = places(2)
    claims = [CLAIMS | {"training split": str(place.number)} for place in two]
    with ThreadPoolExecutor(2) as pool:
        jobs = [pool.submit(meet, *each, 120.0) for each in zip(two, claims, strict=True)]
        error = jobs[number].exception()
        assert isinstance(jobs[1 - number].exception(), TrainingError)
    assert opened_in(error)
    assert all(connection.fileno() == -1 for connection in opened_in(error))


def opened_in(error):
    """The sockets that are known where an error comes from."""
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    values = [value for frame in frames for value in frame.f_locals.values()]
    return [value for value in values if isinstance(value, socket.socket)]
