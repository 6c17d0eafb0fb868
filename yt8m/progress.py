"""Progress bars for people; silence in logs."""

import sys
from collections.abc import Iterable
from typing import Any

from tqdm import tqdm


def progress(
    items: Iterable[Any] | None, title: str, unit: str, total: int | None = None, done: int = 0
) -> tqdm:
    """A bar on stderr, disabled when stderr is no terminal.

    items: what to iterate over, or None for a bar that is moved by hand (`update`).
    done: how much was done before.
    """
    silent = not sys.stderr.isatty()
    return tqdm(items, title, total, unit=unit, initial=done, disable=silent)
