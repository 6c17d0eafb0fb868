"""Training by several processes on this machine, and by one process with several devices."""

import os
import subprocess
import sys
import time
from pathlib import Path

from tests.ports import free_ports
from yt8m.weights import read_header

ROOT = Path(__file__).parents[3]

PLAIN = """
import sys
from yt8m.cli.main import main
main(sys.argv[1:])
"""
"""The command line."""

COUNTING = """
import json, os
from yt8m.data.records import Records

batch = Records.batch
def counted(self, indices, *more):
    with open(os.environ["READ"], "a") as file:
        print(json.dumps([int(index) for index in indices]), file=file)
    return batch(self, indices, *more)

Records.batch = counted
"""
"""Before it: note the indices of the records of each batch that is read."""

AS_WRITTEN = """
import tensorflow as tf
tf.config.optimizer.set_experimental_options({"arithmetic_optimization": False})
"""
"""Before it: sums are computed as they are written, however TensorFlow would rewrite a graph."""

LEAVING = """
import os
from yt8m.training import run
run.connected_strategy = lambda links: os._exit(9)
"""
"""Before it: be gone when the others begin to compute."""

HOLDING = """
import time
from pathlib import Path
from yt8m.training.state import State

save = State.save
def save_and_wait(self, step, done, rows):
    save(self, step, done, rows)
    while done >= {step} and not Path({go_on!r}).exists():
        time.sleep(0.01)

State.save = save_and_wait
"""

MIRRORED = """
import sys
import tensorflow as tf
cpu = tf.config.list_physical_devices("CPU")[0]
tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
from yt8m.training import run
run.available_strategy = lambda: tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
from yt8m.cli.main import main
main(sys.argv[1:])
"""
"""The command line on two devices of one process."""


def holding(step: int, go_on: Path) -> str:
    """Before it: nothing happens after the state of a step has been saved, until a file exists.

    So a process that is to be disturbed has not ended before.
    """
    return HOLDING.format(step=step, go_on=str(go_on))


def arguments(folder: Path, data: Path, name: str, *more) -> list[str]:
    """`yt8m train`: the state is saved after every step."""
    given = [folder / "config.json", "--records", data / "train.json", "--out", folder / name]
    given += ["--state", folder / f"{name}-state", "--state-seconds", 0, "--threads", 1]
    return [*map(str, ["train", *given, *more])]


def start(program: list[str], words: list[str], variables=None) -> subprocess.Popen:
    """Start a process whose output is kept. variables: of its environment."""
    return subprocess.Popen(
        [sys.executable, *program, *words],
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "CUDA_VISIBLE_DEVICES": "",
            **(variables or {}),
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def start_workers(words: list[str], *programs: str, more=(), read: Path | None = None):
    """Start two workers. programs: of each, or of both. more: options of the second alone.

    read: folder of the lists of what each has read.
    """
    addresses = ",".join(f"127.0.0.1:{port}" for port in free_ports(2))
    found = []
    for number, program in enumerate((programs or (PLAIN,)) * (1 if len(programs) == 2 else 2)):
        own = [*words, "--workers", addresses, "--worker", str(number), "--wait", "300"]
        variables = {"READ": str(read / str(number))} if read else {}
        found.append(start(["-c", program], [*own, *(more if number else [])], variables))
    return found


def finished(process: subprocess.Popen, seconds: float = 600) -> str:
    """What a process that succeeds has said."""
    _, said = process.communicate(timeout=seconds)
    assert process.returncode == 0, said[-3000:]
    return said


def wait_for_step(step: int, folder: Path, processes: list[subprocess.Popen]) -> None:
    """Wait until a state of at least so many steps is saved."""
    deadline = time.monotonic() + 600
    while _steps_in(folder) < step:
        assert time.monotonic() < deadline
        ended = [process for process in processes if process.poll() is not None]
        assert not ended, ended[0].communicate()[1][-3000:]
        time.sleep(0.01)


def _steps_in(folder: Path) -> int:
    return max(
        (read_header(p)[0]["position"] for p in folder.glob("*/state.safetensors")), default=0
    )
