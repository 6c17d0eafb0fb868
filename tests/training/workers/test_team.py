"""What workers tell each other while they train, without training."""

import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from tests.training.workers.places import places
from yt8m.errors import RecordError, TrainingError
from yt8m.training.interruption import Interrupted
from yt8m.training.workers import links
from yt8m.training.workers.team import Alone, Verdict, team_of

GO_ON = Verdict(over=False, stop=False, save=False)

MANY = 100_000
"""Steps, in which every thread has had its turn."""


@pytest.fixture(autouse=True)
def ends(monkeypatch):
    """The messages of processes that would have been ended, because they did not end themselves."""
    found = []
    monkeypatch.setattr(links, "GRACE", 0.5)
    monkeypatch.setattr(links, "_end", found.append)
    return found


def together(parts):
    """Each worker's part, a function of its team, in a thread: its result, or its error."""

    def one(place, part):
        try:
            with team_of(place, {}, 120.0) as team:
                return part(team)
        except Exception as error:
            return error

    with ThreadPoolExecutor(len(parts)) as pool:
        return list(pool.map(one, places(len(parts)), parts))


def test_workers_know_their_number_and_the_number_of_all():
    found = together([lambda team: (team.number, team.count, team.is_chief)] * 3)
    assert found == [(0, 3, True), (1, 3, False), (2, 3, False)]
    assert (Alone().number, Alone().count, Alone().is_chief) == (0, 1, True)


def test_the_chief_gets_the_predictions_and_labels_of_all_in_their_order():
    rng = np.random.default_rng(0)
    predictions, labels = rng.random((6, 5), np.float32), rng.random((6, 5)) < 0.5

    def part(team):
        for _ in range(2):
            rows = slice(2 * team.number, 2 * team.number + 2)
            found = team.gathered(predictions[rows], labels[rows])
        return found

    chief, *_ = together([part] * 3)
    np.testing.assert_array_equal(chief[0], predictions)
    np.testing.assert_array_equal(chief[1], labels)
    assert chief[0].dtype == np.float32 and chief[1].dtype == bool


def test_the_wishes_of_the_chief_are_those_of_all():
    wishes = [GO_ON, Verdict(False, False, True), Verdict(True, False, False)]

    def part(team):
        return [team.agree(wish if team.is_chief else GO_ON) for wish in wishes]

    assert together([part] * 3) == [wishes] * 3


@pytest.mark.parametrize("choice", [True, False])
def test_the_chief_alone_chooses_for_all(choice):
    asked = []

    def part(team):
        def choose():
            asked.append(team.number)
            return choice

        return [team.chosen(choose), team.agree(GO_ON) == GO_ON]

    assert together([part] * 3) == [[choice, True]] * 3 and asked == [0]


def test_the_chief_goes_on_with_its_choice_only_once_all_others_want_it():
    """It then saves the state, which a late worker would read as that of an interrupted run."""
    read = []

    def part(team):
        if not team.is_chief:
            time.sleep(0.2 * team.number)
            read.append(team.number)
        team.chosen(lambda: True)
        return list(read)

    assert together([part] * 3)[0] == [1, 2]


@pytest.mark.parametrize("asked", [0, 1, 2])
def test_all_stop_after_the_same_step_if_one_is_asked_to(asked):
    """Soon after it was: the chief may begin another step before it hears of it."""
    barrier = threading.Barrier(3)

    def part(team):
        for step in range(MANY):
            barrier.wait(120)
            wish = Verdict(False, step >= 4 and team.place.number == asked, False)
            if team.agree(wish).stop:
                return step
        return None

    first, *others = together([part] * 3)
    assert others == [first, first] and 4 <= first < MANY - 1


def test_an_interrupted_helper_ends_after_the_chief_has_saved_the_state():
    order = []

    def part(team):
        assert team.agree(Verdict(False, True, False)).stop
        if team.is_chief:
            threading.Event().wait(0.3)
            order.append("the chief has saved")
        raise Interrupted("stopped")

    def one(place):
        with pytest.raises(Interrupted), team_of(place, {}, 120.0) as team:
            part(team)
        order.append("left")

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(one, places(2)))
    assert order == ["the chief has saved", "left", "left"]


@pytest.mark.parametrize("failing", [0, 1])
def test_the_error_of_a_worker_is_that_of_all(failing, ends):
    def part(team):
        if team.place.number == failing:
            raise RecordError("train-0.tfrecord: is damaged")
        while True:
            team.agree(GO_ON)

    found = together([part] * 3)
    assert isinstance(found[failing], RecordError)
    for number in {0, 1, 2} - {failing}:
        assert isinstance(found[number], TrainingError)
        assert str(found[number]).startswith(f"worker {failing} (127.0.0.1:")
        assert str(found[number]).endswith(" failed: train-0.tfrecord: is damaged")


@pytest.mark.parametrize("gone", [0, 1])
def test_a_worker_that_is_gone_is_named_on_all_others(gone):
    def part(team):
        if team.place.number == gone:
            team.links._left.set()  # as if killed: it says nothing
            for connection in team.links._connections.values():
                connection.shutdown(socket.SHUT_RDWR)
            raise SystemExit
        while True:
            team.agree(GO_ON)

    def one(place):
        try:
            with team_of(place, {}, 120.0) as team:
                part(team)
        except BaseException as error:
            return error

    with ThreadPoolExecutor(3) as pool:
        found = list(pool.map(one, places(3)))
    for number in {0, 1, 2} - {gone}:
        assert str(found[number]).startswith(f"worker {gone} (127.0.0.1:")
        assert "is gone: its process was killed" in str(found[number])


def test_a_worker_that_waits_elsewhere_is_ended(ends):
    """As in a sum over all devices, of which one is missing."""

    def part(team):
        if team.is_chief:
            raise RecordError("damaged")
        end = time.monotonic() + 120
        while not ends and time.monotonic() < end:
            time.sleep(0.01)

    together([part] * 2)
    assert len(ends) == 1 and ends[0].endswith("failed: damaged")


def test_a_worker_that_leaves_in_time_goes_on(ends, monkeypatch):
    """Such as a program that trains by this library, and has something else to do."""
    monkeypatch.setattr(links, "GRACE", 60.0)

    def part(team):
        if team.is_chief:
            raise RecordError("damaged")
        while True:
            team.agree(GO_ON)

    _, other = together([part] * 2)
    assert isinstance(other, TrainingError)
    for thread in threading.enumerate():
        if thread.name == "insist":
            thread.join()
    assert not ends
