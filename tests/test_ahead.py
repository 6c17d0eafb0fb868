"""What a thread makes ahead: order, errors, how far, the end."""

import threading
import time
from functools import partial

import pytest

from yt8m.ahead import THREAD, ahead, results_ahead


def workers():
    return [t for t in threading.enumerate() if t.name.startswith(THREAD)]


def test_items_come_in_order():
    assert list(ahead((n for n in range(100)), 3)) == list(range(100))
    assert list(ahead((n for n in ()), 3)) == []
    assert list(ahead((n for n in range(100)), 0)) == list(range(100))


def test_an_error_comes_where_its_item_would_have():
    def items():
        yield 1
        raise KeyError("two")

    found = ahead(items(), 2)
    assert next(found) == 1
    with pytest.raises(KeyError, match="two"):
        next(found)


def test_the_iterator_works_while_the_consumer_does():
    made = []
    begun = threading.Event()

    def items():
        for n in range(4):
            made.append(n)
            if n == 2:
                begun.set()
            yield n

    found = ahead(items(), 2)
    assert next(found) == 0
    assert begun.wait(60)  # item 2 is made though only item 0 has been asked for
    found.close()


def test_no_more_than_the_depth_is_made_ahead():
    made = []

    def items():
        for n in range(100):
            made.append(n)
            yield n

    found = ahead(items(), 2)
    next(found)
    end = time.monotonic() + 60
    while len(made) < 3 and time.monotonic() < end:
        time.sleep(0.01)
    time.sleep(0.1)  # in which another would be made
    assert made == [0, 1, 2]  # one taken, two ahead
    found.close()


def test_without_depth_each_is_made_when_it_is_asked_for():
    made = []
    found = results_ahead((partial(made.append, number) for number in range(3)), 0)
    for count in range(1, 4):
        next(found)
        assert len(made) == count
    assert list(found) == []


def test_an_interrupt_while_a_caller_that_stops_waits_for_the_thread_is_what_is_raised(monkeypatch):
    begun, go_on = threading.Event(), threading.Event()
    left = []

    def items():
        yield 0
        begun.set()
        go_on.wait(60)
        yield 1

    def interrupted(pool, **_):
        left.append(pool)
        raise KeyboardInterrupt

    found = ahead(items(), 1)
    assert next(found) == 0 and begun.wait(60)
    with monkeypatch.context() as patched:
        patched.setattr("concurrent.futures.ThreadPoolExecutor.shutdown", interrupted)
        with pytest.raises(KeyboardInterrupt):
            found.close()
    go_on.set()
    left[0].shutdown()  # so that no other test finds its thread


def test_a_consumer_that_stops_closes_the_iterator():
    closed = []

    def items():
        try:
            yield from range(1000)
        finally:
            closed.append(True)

    found = ahead(items(), 2)
    next(found)
    found.close()
    assert closed == [True] and not workers()


def calls(numbers):
    for number in numbers:
        yield lambda number=number: number * number


def test_results_come_in_the_order_of_the_calls():
    assert list(results_ahead(calls(range(5)), 1)) == [0, 1, 4, 9, 16]
    assert list(results_ahead(calls([]), 1)) == []
    assert list(results_ahead(calls([3]), 7)) == [9]


def ends_early():
    yield lambda: "first"
    raise ValueError("no second")


def test_an_error_of_the_calls_waits_for_its_turn():
    """A caller may stop before, and never see it."""
    found = results_ahead(ends_early(), 1)
    assert next(found) == "first"
    with pytest.raises(ValueError, match="no second"):
        next(found)


def test_the_calls_are_iterated_by_the_callers_thread_and_made_by_another():
    def calls():
        for _ in range(3):
            me = threading.get_ident()
            yield lambda me=me: (me, threading.get_ident())

    for iterating, making in results_ahead(calls(), 1):
        assert iterating == threading.get_ident() != making
