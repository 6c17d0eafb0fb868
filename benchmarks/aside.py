"""A way in a process of its own: as it runs where nobody has set anything up for it."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context

ENVIRONMENT = dict(os.environ)
"""Before ours are set up, so that the others do not gain by it."""


@contextmanager
def aside(way: Callable[[], int]) -> Iterator[Callable[[], int]]:
    """`way`, which can be pickled, to be called as before; what it caches stays with it."""
    context = get_context("spawn")
    with ProcessPoolExecutor(1, context, _begin, (way, ENVIRONMENT)) as process:
        yield lambda: process.submit(_go).result()


def _begin(way: Callable[[], int], environment: dict[str, str]) -> None:
    global _way
    os.environ.clear()
    os.environ.update({"TF_CPP_MIN_LOG_LEVEL": "3", **environment})
    _way = way


def _go() -> int:
    return _way()
