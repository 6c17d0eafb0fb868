import fcntl
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from yt8m import locks
from yt8m.errors import LockError
from yt8m.locks import locked, locked_results

ROOT = Path(__file__).parents[1]

OWNER = """
import sys, time
from pathlib import Path
from yt8m.locks import locked, locked_results

with locked(Path(sys.argv[1]), Path("the state")):
    print("mine", flush=True)
    time.sleep(float(sys.argv[2]))
"""


def owner(folder: Path, seconds: float) -> subprocess.Popen:
    """Another process that locks the folder for so long."""
    process = subprocess.Popen(
        [sys.executable, "-c", OWNER, str(folder), str(seconds)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "mine\n"
    return process


def test_a_folder_locked_by_another_process_is_refused_by_name(tmp_path, monkeypatch):
    monkeypatch.setattr(locks, "PATIENCE", 0.3)
    process = owner(tmp_path / "state", 60)
    with pytest.raises(LockError) as error, locked(tmp_path / "state", Path("the state")):
        raise AssertionError("two processes have one folder")
    host = os.uname().nodename
    said = f"the state: is being written by process {process.pid} on {host}; wait for it, end it"
    assert said in str(error.value)
    process.kill()
    process.wait()


def test_a_lock_that_is_released_soon_is_waited_for(tmp_path):
    process = owner(tmp_path / "state", 0.5)
    with locked(tmp_path / "state", Path("the state"), patience=120):
        assert process.wait(60) == 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_process_that_died_keeps_no_lock(tmp_path, how, monkeypatch):
    monkeypatch.setattr(locks, "PATIENCE", 0.5)
    process = owner(tmp_path / "state", 60)
    process.send_signal(how)
    process.wait()
    with locked(tmp_path / "state", Path("the state")):
        pass
    assert list(tmp_path.iterdir()) == []


def test_files_saved_in_the_locked_folder_are_kept(tmp_path):
    with locked(tmp_path / "state", Path("the state")):
        (tmp_path / "state/saved").write_text("")
    assert [p.name for p in tmp_path.rglob("*")] == ["state", "saved"]


def test_many_processes_get_the_lock_one_after_the_other(tmp_path):
    inside, most = [], []

    def one():
        with locked(tmp_path / "state", Path("the state"), patience=600):
            inside.append(1)
            most.append(len(inside))
            time.sleep(0.01)
            inside.pop()

    threads = [threading.Thread(target=one) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1] * 20 and list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("error", [FileExistsError, FileNotFoundError])
def test_a_folder_that_its_owner_removes_at_that_moment_is_made_again(tmp_path, monkeypatch, error):
    """Between two looks at it, or while the one that it is in was not there either."""
    folder, mkdir, failed = tmp_path / "out/state", Path.mkdir, []

    def fails_at_first(path, *how, **more):
        if not failed:
            failed.append(path)
            raise error(0, "", str(path))
        mkdir(path, *how, **more)

    monkeypatch.setattr(Path, "mkdir", fails_at_first)
    with locked(folder, Path("the state")):
        assert failed == [folder] and folder.is_dir()


def test_a_file_system_without_locks_is_no_obstacle(tmp_path, monkeypatch):
    def refuse(*_):
        raise OSError(38, "Function not implemented")

    monkeypatch.setattr(fcntl, "flock", refuse)
    with locked(tmp_path / "state", Path("the state")):
        pass
    assert list(tmp_path.iterdir()) == []


def test_results_that_another_process_is_making_are_refused_and_left_alone(tmp_path, monkeypatch):
    monkeypatch.setattr(locks, "PATIENCE", 0.3)
    process = owner(tmp_path / "out" / locks.LOCK, 60)
    said = f"{tmp_path}/out: is being written by process {process.pid}"
    with pytest.raises(LockError, match=said), locked_results(tmp_path / "out"):
        raise AssertionError("two processes make one result")
    assert (tmp_path / "out" / locks.LOCK / locks.OWNER).exists()
    process.kill()
    process.wait()


@pytest.mark.parametrize("was_there", [False, True])
@pytest.mark.parametrize("makes", [False, True])
def test_a_lock_on_results_leaves_no_trace(tmp_path, was_there, makes):
    out = tmp_path / "out"
    if was_there:
        out.mkdir()
    with locked_results(out):
        if makes:
            (out / "result").write_text("")
    left = [p.name for p in tmp_path.rglob("*")]
    assert left == ["out"] * (was_there or makes) + ["result"] * makes
