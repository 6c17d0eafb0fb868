"""Numbers computed by the original programs: all of them in YT8M_SHARED, else only a few.

`tests/golden/` holds those few: small files unchanged, and a part of `quantize.npz`.
"""

import os
from pathlib import Path

import pytest

FEW = Path(__file__).parent / "golden"


def shared_folder() -> Path | None:
    """The folder of reference material, if there is one."""
    folder = os.environ.get("YT8M_SHARED")
    return Path(folder) if folder and Path(folder).is_dir() else None


def goldens() -> Path:
    """The folder that numbers are taken from."""
    shared = shared_folder()
    return shared / "golden" if shared else FEW


def golden_file(name: str) -> Path:
    """A file of numbers, or a pattern of files, by name; skips the test if there is none."""
    if not any(goldens().glob(name)) and not any(goldens().glob(f"{name}.*")):
        pytest.skip(f"{name}: its numbers are not here; YT8M_SHARED names no folder that has them")
    return goldens() / name


def names(prefix: str) -> list[str]:
    """What follows the prefix in names of files: all runs of one kind, for `parametrize`."""
    return sorted(path.stem.removeprefix(prefix) for path in goldens().glob(f"{prefix}*.npz"))


class Numbers(dict):
    """The arrays of a file. A test that reads one that is missing in a partial file is skipped."""

    def __missing__(self, key: str):
        pytest.skip(f"{key}: only the full set has it; YT8M_SHARED names no folder with that")
