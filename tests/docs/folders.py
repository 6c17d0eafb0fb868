"""Folders in which a page's commands run: copies of the checkout with small configs."""

import os
import signal
import subprocess
from contextlib import suppress
from pathlib import Path

from tests.docs.small_configs import shrink
from tests.forking import HERE as FORKING
from tests.forking import quick_scripts, quick_steps

ROOT = Path(__file__).parents[2]
BIN = Path(__file__).with_name("bin")
PARTS = ("Makefile", "README.md", "SECURITY.md", "Snakefile", "benchmarks", "config", "docs")
PARTS += ("envs", "profiles", "pyproject.toml", "requirements.lock", "tests", "workflow", "yt8m")
PATIENCE = 1800
"""Seconds after which a page's commands count as hanging."""


def make_checkout(folder: Path) -> None:
    """What a reader has before the first command, with small configs; no results."""
    for part in PARTS:
        subprocess.run(["cp", "-a", str(ROOT / part), str(folder / part)], check=True)
    shrink(folder / "config")


def make_demo(folder: Path) -> None:
    """... after `make demo`."""
    make_checkout(folder)
    run("snakemake --cores all --resources gpu=1\n", folder)


def run(program: str, folder: Path) -> str:
    """Run a program of bash in a folder until its first error; returns what it printed."""
    script, output = folder / ".page.sh", folder / ".page.log"
    script.write_text(program, encoding="utf-8")
    with output.open("wb") as log:
        process = subprocess.Popen(
            ["bash", "-eo", "pipefail", script.name],
            cwd=folder,
            env=environment(folder),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            code = process.wait(PATIENCE)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
    printed = output.read_text(encoding="utf-8", errors="replace")
    assert code == 0, f"exit code {code}\n{printed[-6000:]}"
    return printed


def environment(folder: Path) -> dict[str, str]:
    """The commands of the project as forks of processes that have their imports."""
    quick = {**os.environ, **quick_scripts(), **quick_steps()}
    return {
        **quick,
        "PATH": f"{BIN}:{quick['PATH']}",
        "PYTHONPATH": str(ROOT),
        "HOME": str(folder),
        "FORK_CLIENT": str(FORKING / "client.py"),
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }
