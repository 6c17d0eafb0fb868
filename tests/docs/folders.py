"""Folders in which a page's commands run: copies of the checkout with small configs."""

import os
import shutil
import signal
import subprocess
from contextlib import suppress
from pathlib import Path

from tests.docs.small_configs import shrink
from tests.forking import HERE as FORKING
from tests.forking import quick_scripts, quick_steps

ROOT = Path(__file__).parents[2]
BIN = Path(__file__).with_name("bin")
PARTS = ("Makefile", "README.md", "SECURITY.md", "Snakefile", "benchmarks", "config", "docs", "envs")
PARTS += ("profiles", "pyproject.toml", "requirements.lock", "tests", "workflow", "yt8m")
PATIENCE = 600
"""Seconds after which a page's commands count as hanging."""


def make_checkout(folder: Path) -> Path:
    """What a reader has before the first command; without results."""
    for part in PARTS:
        subprocess.run(["cp", "-a", str(ROOT / part), str(folder / part)], check=True)
    shrink(folder / "config")
    return folder


def make_demo(folder: Path) -> Path:
    """... after `make demo`, and with the names that pages give to files of their readers."""
    run("snakemake --cores all --resources gpu=1\n", make_checkout(folder))
    shutil.copy(folder / "results/ensembles/final/final.tar.gz", folder)
    (shard,) = (folder / "results/data/test").glob("*.tfrecord")
    shutil.copy(shard, folder / "videos0.tfrecord")
    return folder


def make_videos(folder: Path) -> Path:
    """... after `make demo-videos`."""
    run(
        "yt8m records generate-videos --videos 12 --out demo-videos\n"
        "snakemake --configfile config/videos.yaml --cores all --resources gpu=1\n",
        make_checkout(folder),
    )
    shutil.copy(folder / "results-videos/ensembles/final/final.tar.gz", folder)
    return folder


MAKERS = {"checkout": make_checkout, "demo": make_demo, "videos": make_videos}


def run(program: str, folder: Path) -> str:
    """Run a program of bash in a folder until its first error; returns what it printed."""
    script, output = folder / ".page.sh", folder / ".page.log"
    script.write_text(program, encoding="utf-8")
    with output.open("wb") as log:
        process = subprocess.Popen(
            ["bash", "-eo", "pipefail", script.name],
            cwd=folder,
            env=environment(),
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


def environment() -> dict[str, str]:
    """The commands of the project as forks of processes that have their imports."""
    quick = {**os.environ, **quick_scripts(), **quick_steps()}
    return {
        **quick,
        "PATH": f"{BIN}:{quick['PATH']}",
        "PYTHONPATH": str(ROOT),
        "FORK_CLIENT": str(FORKING / "client.py"),
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }
