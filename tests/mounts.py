"""Small file systems for tests of what happens when a disk is full or read-only."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def mounted(folder: Path, size: str, keep: bool = False) -> Iterator[Path]:
    """A file system of this size at `folder`, containing the folder's files if they are to be kept.

    Skips the test if mounting is not allowed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as kept:
        if keep:
            subprocess.run(["cp", "-a", f"{folder}/.", kept], check=True)
        mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "none", str(folder)]
        if not shutil.which("mount") or subprocess.run(mount, capture_output=True).returncode:
            pytest.skip("mounting a small file system needs more rights than this user has")
        try:
            subprocess.run(["cp", "-a", f"{kept}/.", str(folder)], check=True)
            yield folder
        finally:
            subprocess.run(["umount", "-l", str(folder)], check=True)


def remount(folder: Path, options: str) -> None:
    """Change a mounted file system: `ro`, or `size=...` (its files stay)."""
    subprocess.run(["mount", "-o", f"remount,{options}", str(folder)], check=True)
