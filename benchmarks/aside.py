"""A function in its own process, with an environment that is set before the process begins."""

import os
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Any, TypeVar

from yt8m.runtime.devices import ALLOCATOR

T = TypeVar("T")

PAGES = {"GLIBC_TUNABLES": "glibc.malloc.hugetlb=1"}
"""Large pages, as the workflow requests them (`workflow/rules/common.smk`)."""

QUIET = {"TF_CPP_MIN_LOG_LEVEL": "3"}

_FOUND = dict(os.environ)
"""Taken before this project sets its variables."""

DEFAULTS = {**QUIET, **{k: v for k, v in _FOUND.items() if k not in {**ALLOCATOR, **PAGES}}}
"""The environment without the allocator and the pages that this project sets."""

SETTINGS = {**QUIET, **ALLOCATOR, **PAGES, **_FOUND}
"""The environment with them, for ours and for its peers alike; what the user set remains."""


@contextmanager
def aside(way: Callable[[], T], environment: Mapping[str, str]) -> Iterator[Callable[[], T]]:
    """`way` (picklable), to be called in a process of its own; that process keeps its caches.

    environment: all of its variables. The C library reads some only when a process begins.
    """
    with ProcessPoolExecutor(1, get_context("spawn"), _begin, (way,)) as process:
        with _environment(environment):
            process.submit(os.getpid).result()  # starts the process
        yield lambda: process.submit(_go).result()


@contextmanager
def _environment(environment: Mapping[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    try:
        os.environ.clear()
        os.environ.update(environment)
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _begin(way: Callable[[], Any]) -> None:
    global _way
    _way = way


def _go() -> Any:
    return _way()
