"""An iterator in a thread: order, errors, the end."""

import threading
import time

import pytest

from yt8m.video.ahead import ahead


def workers():
    return [t for t in threading.enumerate() if t.name == "ahead"]


def test_items_come_in_order():
    assert list(ahead(iter(range(100)), 3)) == list(range(100))


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
    assert begun.wait(5)  # item 2 is made though only item 0 has been asked for
    found.close()


def test_no_more_than_the_depth_is_made_ahead():
    made = []

    def items():
        for n in range(100):
            made.append(n)
            yield n

    found = ahead(items(), 2)
    next(found)
    time.sleep(0.2)
    assert len(made) <= 4  # one taken, two ready, one waiting for room
    found.close()


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
