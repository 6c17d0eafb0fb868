"""A function in its own process, without the environment that this project sets up."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Any, TypeVar

T = TypeVar("T")

ENVIRONMENT = dict(os.environ)
"""Taken before this project sets its variables, so that baselines do not benefit from them."""


@contextmanager
def aside(way: Callable[[], T]) -> Iterator[Callable[[], T]]:
    """`way` (picklable), to be called in a process of its own; that process keeps its caches."""
    context = get_context("spawn")
    with ProcessPoolExecutor(1, context, _begin, (way, ENVIRONMENT)) as process:
        yield lambda: process.submit(_go).result()


def _begin(way: Callable[[], Any], environment: dict[str, str]) -> None:
    global _way
    os.environ.clear()
    os.environ.update({"TF_CPP_MIN_LOG_LEVEL": "3", **environment})
    _way = way


def _go() -> Any:
    return _way()
