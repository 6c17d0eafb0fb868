"""Python programs that start quickly: forks of a process that has imported what they need.

Half of the time of the tests' short steps is the import of TensorFlow, and half of a dry run that
of Snakemake. A server imports those once (`server.py`); a client (`client.py`) takes the place of
the program and ends as it ends. The library itself is never imported beforehand, so a program
sees the sources that its own paths name.

The program differs from one started afresh in this: its parent is the server, its process group and
its limits (`ulimit`) are not the client's, and it is killed when its client ends. Tests about
processes, signals and imports start real ones.
"""

import atexit
import os
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
PYTHON = HERE / "bin/python"
"""The client in place of the interpreter: for steps of the workflow, if there is a server."""

STEPS, SCRIPTS = "FORK_STEPS", "FORK_SCRIPTS"
INTERPRETER = "FORK_INTERPRETER"
EXECUTABLE = "FORK_EXECUTABLE"
"""Environment variables: sockets for `python -m yt8m` and for the workflow's scripts, and the
interpreter that starts everything else; what a fork uses as its `sys.executable`."""

LIBRARIES = ("click", "crc32c", "google.protobuf", "jinja2", "ml_dtypes", "numpy", "pandas")
LIBRARIES += ("pyarrow.parquet", "pyarrow.dataset", "pyarrow.pandas_compat", "safetensors.numpy")
LIBRARIES += ("pydantic", "rich.progress", "yaml")
TENSORFLOW = ("tensorflow", "keras", "tensorboard.summary._tf.summary", *LIBRARIES)
SNAKEMAKE = ("snakemake.cli", "snakemake.executors.local", "snakemake.profiles", *LIBRARIES)
SNAKEMAKE += ("snakemake.report.html_reporter", "snakemake.storage", "smart_open")
SNAKEMAKE += ("argparse_dataclass", "platformdirs.unix")
"""What the two servers import. A name that is not here costs time, and nothing else."""

GLIBC = {"GLIBC_TUNABLES": "glibc.malloc.hugetlb=1"}
"""What the rules set for each step; only effective when a process starts."""


def server_for(*modules: str) -> Path:
    """The socket of a server that has imported these modules; it ends with this process."""
    return _start(modules)


@cache
def _start(modules: tuple[str, ...]) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="fork-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    command = [sys.executable, "-I", str(HERE / "server.py"), str(folder / "socket"), *modules]
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(
            command,
            env={**os.environ, **GLIBC},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            start_new_session=True,
        )
    said = server.stdout.readline()
    assert said == b"listens\n", (folder / "log").read_text()
    return folder / "socket"


def quick_snakemake() -> list[str]:
    """First words of a `snakemake` command that forks a process that has imported Snakemake."""
    client = [sys.executable, "-I", "-S", str(HERE / "client.py")]
    return [*client, str(server_for(*SNAKEMAKE)), "-m", "snakemake"]


def quick_scripts() -> dict[str, str]:
    """Variables with which Snakemake starts Python scripts in the same way."""
    return {
        "PATH": f"{PYTHON.parent}:{Path(sys.executable).parent}:{os.environ['PATH']}",
        SCRIPTS: str(server_for(*SNAKEMAKE)),
        INTERPRETER: sys.executable,
        EXECUTABLE: str(PYTHON),
    }


def quick_steps() -> dict[str, str]:
    """Variables with which `python -m yt8m` forks a process that has imported TensorFlow."""
    return {STEPS: str(server_for(*TENSORFLOW))}
