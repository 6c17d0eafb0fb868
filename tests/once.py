"""Slow fixtures that many tests use: one worker makes them, and all copy them."""

import fcntl
import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

READY = "ready.json"


def made_once(
    factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]
) -> tuple[Path, object]:
    """A worker's own copy of a folder that `make` has filled, and what `make` returned.

    make: gets an empty folder; its result must be valid JSON. While one worker makes it, the
    others wait; if it fails, the next one tries again.
    """
    pristine = _folder_of_all_workers(factory) / name
    pristine.mkdir(exist_ok=True)
    with (pristine / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (pristine / READY).exists():
            shutil.rmtree(pristine / "content", ignore_errors=True)
            (pristine / "content").mkdir()
            result = make(pristine / "content")
            (pristine / READY).write_text(json.dumps(result))
    own = factory.mktemp(name) / "content"
    subprocess.run(["cp", "-a", str(pristine / "content"), str(own)], check=True)  # with its dates
    return own, json.loads((pristine / READY).read_text())


def _folder_of_all_workers(factory: pytest.TempPathFactory) -> Path:
    own = factory.getbasetemp()
    folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "once"
    folder.mkdir(exist_ok=True)
    return folder
