"""Imports without packages that libraries load only because they are installed.

Keras imports pandas and scikit-learn, and PyArrow pandas, to recognise their objects as data. No
command gives them any, and these imports take as long as the evaluation of a small model.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

UNUSED = ("pandas", "sklearn")


class _Refusal:
    """A finder of modules, asked before all others, that says that these are not installed."""

    def find_spec(self, name: str, path=None, target=None) -> None:
        if name in UNUSED:
            raise ModuleNotFoundError(f"{name} is not used", name=name)


@contextmanager
def without_unused() -> Iterator[None]:
    """In the block these packages seem not to be installed, unless they were imported before it.

    Afterwards they can be imported as ever.
    """
    refusal = _Refusal()
    sys.meta_path.insert(0, refusal)
    try:
        yield
    finally:
        sys.meta_path.remove(refusal)


def import_pyarrow() -> None:
    """Import PyArrow, and let it look for pandas, which it does at its first array, in vain.

    Conversions to and from pandas look for it again.
    """
    with without_unused():
        import pyarrow

        pyarrow.array([])
