"""Progress bars for people; silence in logs."""

import sys
from collections.abc import Iterable
from typing import Any

from tqdm import tqdm


def progress(items: Iterable[Any] | None, title: str, unit: str, total: int | None = None) -> tqdm:
    """A bar on stderr, disabled when stderr is no terminal.

    items: what to iterate over, or None for a bar that is moved by hand (`update`).
    """
    return tqdm(items, title, total, unit=unit, disable=not sys.stderr.isatty())
