"""What comes next, made by a thread while whoever wants it works with what came before."""

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from functools import partial
from itertools import islice, repeat, takewhile
from typing import TypeVar

Item = TypeVar("Item")
Made = TypeVar("Made")
THREAD = "ahead"
_END = object()


def ahead(items: Generator[Item], depth: int) -> Iterator[Item]:
    """The same items; up to `depth` are made before they are asked for, by one thread.

    An error is raised where its item would have come. If the caller stops, `items` is closed.
    """
    try:
        with closing(results_ahead(repeat(partial(next, items, _END)), depth)) as made:
            yield from takewhile(lambda item: item is not _END, made)
    finally:
        if not items.gi_running:  # as it is when Ctrl-C ends the wait for the thread
            items.close()


def results_ahead(calls: Iterable[Callable[[], Made]], depth: int) -> Iterator[Made]:
    """What the calls return; up to `depth` are made before their results are asked for.

    One thread makes them, one after the other; `calls` is iterated by the caller's. An error of
    either is raised in its turn, after what came before. If the caller stops, the thread ends with
    the call that it is making.
    """
    with ThreadPoolExecutor(1, thread_name_prefix=THREAD) as thread:
        begun = _begun(calls, thread)
        try:
            waiting: deque[Future] = deque(islice(begun, depth + 1))
            while waiting:
                yield waiting.popleft().result()
                waiting.extend(islice(begun, 1))
        finally:
            thread.shutdown(cancel_futures=True)


def _begun(calls: Iterable[Callable[[], Made]], thread: ThreadPoolExecutor) -> Iterator[Future]:
    """The calls as they are made; an error of `calls` as one that has failed."""
    try:
        for call in calls:
            yield thread.submit(call)
    except Exception as error:
        failed: Future = Future()
        failed.set_exception(error)
        yield failed
