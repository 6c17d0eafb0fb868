"""An iterator that works in a thread while its consumer works too."""

from collections.abc import Iterator
from queue import Queue
from threading import Event, Thread
from typing import TypeVar

Item = TypeVar("Item")
_END = object()


def ahead(items: Iterator[Item], depth: int) -> Iterator[Item]:
    """The same items; up to `depth` are made before they are asked for.

    An exception of the iterator is raised where its item would have come. If the consumer stops,
    the iterator is closed before the next item.
    """
    ready: Queue = Queue(depth)
    stop = Event()
    worker = Thread(target=_fill, args=(items, ready, stop), name="ahead", daemon=True)
    worker.start()
    try:
        while (item := ready.get()) is not _END:
            if isinstance(item, _Failure):
                raise item.error
            yield item
    finally:
        stop.set()
        while worker.is_alive():  # it may wait for room
            _empty(ready)
            worker.join(0.01)


class _Failure:
    def __init__(self, error: BaseException):
        self.error = error


def _fill(items: Iterator, ready: Queue, stop: Event) -> None:
    try:
        for item in items:
            if stop.is_set():
                break
            ready.put(item)
        ready.put(_END)
    except BaseException as error:  # raised again by the consumer
        ready.put(_Failure(error))
    finally:
        if close := getattr(items, "close", None):
            close()


def _empty(queue: Queue) -> None:
    while not queue.empty():
        queue.get_nowait()
