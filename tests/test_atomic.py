import errno
import os
import resource
import signal
import stat
import subprocess
import sys
from contextlib import contextmanager, nullcontext
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from safetensors.numpy import save_file

from tests.mounts import mounted, remount
from yt8m.atomic import is_finished, remove, replacing
from yt8m.errors import OutputError
from yt8m.parent import OrphanedError

ROOT = Path(__file__).parents[1]


def test_a_file_is_replaced_atomically(tmp_path):
    with replacing(tmp_path / "new" / "file.txt") as temporary:
        temporary.write_text("whole")
        assert not (tmp_path / "new" / "file.txt").exists()
    assert (tmp_path / "new" / "file.txt").read_text() == "whole"
    assert len(list((tmp_path / "new").iterdir())) == 1


def test_a_folder_is_replaced_atomically(tmp_path):
    for name in ("old", "new"):
        with replacing(tmp_path / "graph") as temporary:
            (temporary / "variables").mkdir(parents=True)
            (temporary / f"variables/{name}").write_text(name)
    assert [p.name for p in (tmp_path / "graph/variables").iterdir()] == ["new"]
    assert [p.name for p in tmp_path.iterdir()] == ["graph"]


def test_the_current_folder_is_a_place_like_others(tmp_path, monkeypatch):
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    with replacing(".") as temporary:
        temporary.mkdir()
        (temporary / "file").touch()
    assert list(tmp_path.rglob("*")) == [tmp_path / "here", tmp_path / "here/file"]


@pytest.mark.parametrize("is_folder", [False, True])
def test_a_failed_write_leaves_only_the_old_file(tmp_path, is_folder):
    target = tmp_path / "target"
    inner = target / "file" if is_folder else target
    inner.parent.mkdir(exist_ok=True)
    inner.write_text("old")
    with pytest.raises(ZeroDivisionError), replacing(target) as temporary:
        temporary.mkdir() if is_folder else temporary.write_text("half")
        raise ZeroDivisionError
    assert inner.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


KILLED = """
import os, signal, sys
from yt8m.atomic import replacing

with replacing(sys.argv[1]) as temporary:
    temporary.write_text("half")
    (temporary.parent / "folder").mkdir()
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_leftovers_of_a_killed_process_are_removed(tmp_path):
    for name in ("file[1].txt", "other.txt"):
        command = [sys.executable, "-c", KILLED, str(tmp_path / name)]
        done = subprocess.run(command, env={**os.environ, "PYTHONPATH": str(ROOT)})
        assert done.returncode == -signal.SIGKILL
    with replacing(tmp_path / "file[1].txt") as temporary:
        temporary.write_text("whole")
    assert {p.name for p in tmp_path.iterdir()} == {"file[1].txt", ".other.txt.part"}


# Ways to write, each of which raises another kind of error if there is no space.


def with_python(path):
    path.write_bytes(bytes(10**6))


def with_safetensors(path):
    save_file({"a": np.zeros(10**6)}, path)


def with_arrow(path):
    pq.write_table(pa.table({"a": np.random.default_rng(0).normal(size=10**6)}), path)


def a_folder(path):
    path.mkdir()
    with_python(path / "first")
    with_python(path / "second")


WAYS = [with_python, with_safetensors, with_arrow, a_folder]


@contextmanager
def full_disk(folder):
    with mounted(folder, "100k"):
        yield


@contextmanager
def read_only_disk(folder):
    with mounted(folder, "100m"):
        remount(folder, "ro")
        yield


@contextmanager
def small_files_only(folder):
    folder.mkdir()
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@contextmanager
def a_file_is_in_the_way(folder):
    folder.write_text("")
    yield
    folder.unlink()
    folder.mkdir()


REFUSED = {
    full_disk: "No space left on device); free some space there",
    read_only_disk: "Read-only file system); choose another path",
    small_files_only: "File too large); raise the limit on the size of files (ulimit -f)",
    a_file_is_in_the_way: "Not a directory); choose another path",
}
"""What prevents writing -> the expected message."""


@pytest.mark.parametrize("write", WAYS)
@pytest.mark.parametrize("refused", REFUSED)
def test_an_error_of_the_system_names_the_final_file(tmp_path, refused, write):
    path = tmp_path / "disk/out.file"
    with refused(path.parent):
        with pytest.raises(OutputError) as error, replacing(path) as temporary:
            write(temporary)
        assert str(error.value) == f"{path}: cannot be written ({REFUSED[refused]}"
        assert path.parent.is_file() or list(path.parent.iterdir()) == []


def test_a_folder_without_write_permission_is_named(tmp_path):
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    tmp_path.chmod(0o500)
    said = r"out\.file: cannot be written \(Permission denied\)"
    with pytest.raises(OutputError, match=said), replacing(tmp_path / "out.file") as temporary:
        temporary.write_text("")


def test_a_file_in_an_unfinished_folder_is_named_by_its_final_path(tmp_path):
    path = tmp_path / "disk/model"
    with full_disk(path.parent):
        with (
            pytest.raises(OutputError) as error,
            replacing(path) as folder,
            replacing(folder / "trained/weights") as temporary,
        ):
            with_safetensors(temporary)
        assert str(error.value).startswith(f"{path}/trained/weights: cannot be written (No space")
        assert list(path.parent.iterdir()) == []


def test_a_read_error_is_not_mistaken_for_a_write_error(tmp_path):
    with pytest.raises(FileNotFoundError) as error, replacing(tmp_path / "out") as temporary:
        temporary.write_bytes((tmp_path / "missing").read_bytes())
    assert error.value.errno == errno.ENOENT and "missing" in str(error.value)


@pytest.mark.parametrize("write", WAYS)
@pytest.mark.parametrize("mask", [0o022, 0o002, 0o077, 0o027])
def test_permissions_follow_the_umask(tmp_path, mask, write):
    before = os.umask(mask)
    try:
        with replacing(tmp_path / "new/out") as temporary:
            write(temporary)
            for inside in (temporary, *temporary.rglob("*")):
                inside.chmod(0o700 if inside.is_dir() else 0o600)
    finally:
        os.umask(before)
    for path in (tmp_path / "new").rglob("*"):
        expected = (0o777 if path.is_dir() else 0o666) & ~mask
        assert stat.S_IMODE(path.stat().st_mode) == expected, path


@pytest.mark.parametrize("gone", [False, True])
def test_nothing_is_replaced_or_removed_once_the_run_has_ended(tmp_path, monkeypatch, gone):
    state = tmp_path / "state"
    state.mkdir()
    expected = pytest.raises(OrphanedError) if gone else nullcontext()
    with expected, replacing(tmp_path / "out") as temporary:
        temporary.write_text("late")
        monkeypatch.setattr("yt8m.parent.run_has_ended", lambda: gone)
    with pytest.raises(OrphanedError) if gone else nullcontext():
        remove(state)
    assert [p.name for p in tmp_path.iterdir()] == ["state" if gone else "out"]


def test_a_file_beside_remains_of_a_killed_process_is_not_finished_until_written_again(tmp_path):
    out, remains = tmp_path / "out", tmp_path / ".out.part"
    assert not is_finished(out)
    out.write_text("content")
    assert is_finished(out)
    remains.mkdir()
    assert not is_finished(out)
    with replacing(out) as temporary:
        temporary.write_text("content")
    assert is_finished(out) and not remains.exists()
